"""Rules about address blocks: each holds what it can hold, and no address is given twice."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_network

from deliverables.checks.quarters import quarters
from deliverables.checks.rows import where
from deliverables.message import say
from deliverables.model.book import ContractBook
from deliverables.model.operations import AddressBlock
from deliverables.problem import Problem, error

RELEASED = "已回收"


def block_sizes(book: ContractBook) -> Iterable[Problem]:
    """A block written as address/length holds as many addresses as the row says, at most."""
    for quarter in quarters(book):
        for row in quarter.workbook.addresses:
            network = _network(row)
            if network is not None and row.addresses > network.num_addresses:
                yield error(
                    "address-block",
                    row.place("addresses"),
                    say(
                        "{block} has {size} addresses, 地址数 is {found} ({excess} too many)",
                        block=row.block,
                        size=network.num_addresses,
                        found=row.addresses,
                        excess=row.addresses - network.num_addresses,
                    ),
                    say("correct the block or the number"),
                )


def blocks_apart(book: ContractBook) -> Iterable[Problem]:
    """Two blocks that are in use or reserved in one zone share no address."""
    for quarter in quarters(book):
        held = [(row, _network(row)) for row in quarter.workbook.addresses if row.state != RELEASED]
        in_order = sorted(
            ((row, network) for row, network in held if network is not None),
            key=lambda item: (item[0].zone, item[1].version, int(item[1].network_address)),
        )
        widest: tuple[AddressBlock, IPv4Network | IPv6Network] | None = None
        for row, network in in_order:
            if widest and _share(widest, (row, network)):
                yield error(
                    "address-overlap",
                    row.place("block"),
                    say(
                        "{block} ({system}) shares addresses with {other} ({holder}, {place})",
                        block=row.block,
                        system=row.system,
                        other=widest[0].block,
                        holder=widest[0].system,
                        place=where(widest[0].place("block")),
                    ),
                    say("correct one of the two blocks, or mark the earlier one as 已回收"),
                )
            else:
                widest = row, network


def _network(row: AddressBlock) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(row.block, strict=False)
    except ValueError:  # a range written in words is the clerk's to count
        return None


def _share(
    one: tuple[AddressBlock, IPv4Network | IPv6Network],
    other: tuple[AddressBlock, IPv4Network | IPv6Network],
) -> bool:
    return (one[0].zone, one[1].version) == (other[0].zone, other[1].version) and (
        int(other[1].network_address) <= int(one[1].broadcast_address)
    )
