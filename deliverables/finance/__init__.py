"""What finance does: the tasks until a day, the payment pack with its form, the tax portal."""
