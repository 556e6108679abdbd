"""Two contracts of other forms, from their own text to verified drafts, as a newcomer goes.

`new --from-text` writes what is proved; what it leaves is typed here, and nothing else. One is paid
by month after an assessment, with a share kept back, and owes three series of reports; the other
runs a calendar year with three instalments and 3 %.
"""

from __future__ import annotations

from collections.abc import Mapping

MONTHLY, YEARLY = "SLZX-2026-FW-031", "YLCG-2027-C-0009"

TYPED: Mapping[str, Mapping[str, str]] = {
    MONTHLY: {
        "service.name": "业务专网及机房运行维护服务",
        "service.catalogue": "附件1《服务内容及考核标准》",
        "reports.0.months": "calendar",
        "reports.0.sealed": "是",
        "reports.1.months": "calendar",
        "reports.1.sealed": "否",
        "reports.2.sealed": "否",
        "service_levels.availability_name": "业务专网月可用率",
        "service_levels.availability": "99.95%",
        "service_levels.durability": "未约定",
        "service_levels.measurement": "每月计划内检修累计不超过4小时的，不计入不可用时间",
        "service_levels.incident_grading": "第4.2条一级、二级、三级故障",
        "payment.instalments.0.article": "第6.2条",
        "payment.instalments.0.name": "服务费",
        "payment.instalments.0.amount": "100,000.00",
        "payment.instalments.0.each": "月",
        "payment.instalments.0.withheld": "5%",
        "payment.instalments.0.conditions": "[end_of_month, assessment, payment_papers]",
        "payment.instalments.0.condition_text": "甲方在收到上述材料且审核无误后10个工作日内支付",
        "payment.instalments.0.deadline": "收到付款材料后10个工作日内",
        "payment.instalments.1.article": "第6.4条",
        "payment.instalments.1.name": "质量保证金",
        "payment.instalments.1.amount": "90,000.00",
        "payment.instalments.1.conditions": "[end_of_term, final_acceptance, 无质量问题]",
        "payment.instalments.1.condition_text": "服务期满、最终验收合格且无质量问题的，甲方在60日内无息退还",
        "payment.instalments.1.deadline": "服务期届满且通过验收后60日内",
        "invoicing.item": "运行维护服务费",
        "invoicing.tax_code": '"3040203000000000000"',
        "invoicing.before_payment": "是",
        "acceptance.interim_procedure": "未约定",
        "notices.exit": "未约定",
        "confidentiality.agreement_article": "第9.2条",
        "confidentiality.quoted_scope_limit": "未约定",
    },
    YEARLY: {
        "identity.signed_on": "2026-12-24",
        "identity.signed_on_read_from": "签署页（以后签者为准）",
        "client.address": "示例县档案路1号",
        "client.postcode": '"099070"',
        "client.credit_code": "11999999999999990K",
        "contractor.address": "示例县云帆路2号",
        "contractor.postcode": '"099071"',
        "contractor.credit_code": "91999999MA0000000K",
        "service.name": "云资源租用及运维服务",
        "service.catalogue": "第二条标的清单",
        "reports.0.sealed": "是",
        "reports.1.sealed": "是",
        "service_levels.durability": "未约定",
        "service_levels.measurement": "计划内维护每季度累计不超过8小时的不计入",
        "service_levels.incident_grading": "未约定",
        "payment.instalments.1.conditions": "[前两个季度的《季度运维报告》经甲方确认]",
        "payment.instalments.1.deadline": "未约定",
        "invoicing.item": "云资源租用及运维服务费",
        "invoicing.tax_code": '"3040203000000000000"',
        "acceptance.materials": "未约定",
        "acceptance.interim_procedure": "未约定",
        "notices.key_staff": "未约定",
        "confidentiality.quoted_scope_limit": "未约定",
        "cessation.article": "第九条第（三）款",
        "cessation.switch_over": "未约定",
    },
}
"""What a person looks up and types, field by field, instalments and reports counted from 0."""
