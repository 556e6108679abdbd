r"""Drafts the templates: a small language for what a document contains, page after page.

A draft gives a .docx that staff then edit in Word or WPS: named styles, few tags, no tricks.
What a method adds stands where it is called. Text may hold {{ tags }} and **strong words**.

    from scripts.drafting import report

    draft = report()                                    # or letter()
    draft.header("{{ title }}", "{{ period }}")         # report name left, period right
    draft.footer()                                      # 第 X 页 共 Y 页; a letter has — X —
    draft.cover(title="{{ title }}", subtitle="{{ period }}",
                facts=[("项目名称", "{{ project }}"), ("合同编号", "{{ contract_number }}")],
                organisation="{{ contractor }}", date="{{ made_on }}")
    draft.contents()                                    # 目录, entries made at rendering
    draft.h1("服务质量")                                 # 一、 numbered by Word
    draft.h2("中断")                                     # （一）
    draft.paragraph("本季度可用性 {{ availability }}。")
    draft.key_figures([("可用性", "{{ availability }}", "要求 99.9 %　达标")])
    with draft.when("has_outages"):                     # {%p if … %} … {%p endif %}
        draft.caption("平台级中断", "outages")            # 表 1-1 平台级中断, above its table
        draft.table(["序号", "开始时间", "时长（分钟）"], widths=[1, 3, 2], align="clr",
                    loop="o in outages", cells=["{{ o.number }}", "{{ o.started }}",
                    "{{ o.minutes }}"], total=["合计", "", "{{ outage_minutes }}"])
        draft.source("数据来源：{{ outage_source }}")
        draft.otherwise()                               # {%p else %}
        draft.paragraph("本季度未发生平台级中断。")
    with draft.each("n in notes"):                      # {%p for … %} … {%p endfor %}
        draft.paragraph("{{ n }}")
    draft.chart("availability_chart", "各月可用性")       # the chart, then 图 1-1 各月可用性
    with draft.landscape():                             # pages on their side for wide tables
        draft.table([…], widths=[…], loop="…", cells=[…], small=True)
    draft.grid([["项目", "金额（元）"], ["本期", "{{ due }}"]], widths=[2, 1], align="lr")
    draft.facts([("户名", "{{ account_name }}"), ("账号", "{{ account }}")])
    draft.form([[("申请人", ""), ("日期", "")], [("事由", "{{ purpose }}")]])  # to be filled in
    draft.approval("{{ prepared_by }}", "{{ reviewed_by }}", "{{ approved_by }}")
    draft.seal_block("{{ contractor }}", "{{ made_on }}")  # never alone on a page
    draft.save(Path("templates/quarterly.docx"))

`line(style, text)` adds a paragraph in any style of deliverables/docx/style.py by its
id: in letters Recipient 主送, DocumentNumber 文号, Attachment 附件说明, AmountInWords 金额大写; in
reports Note 说明, Item 条目. `title`, `h3`, `gap(lines)` and `page_break()` do what they say,
`appendix(text)` is a chapter heading without a number. `caption(text, name)` and `chart(name, …)`
can be referred to from any text: 见[[outages]] prints 见表 4-2, whatever the number becomes.
Numbers of chapters, captions and references are set anew when a document is made, so a chapter
inside `when` may be absent.
"""

from scripts.drafting.draft import Draft, letter, report

__all__ = ["Draft", "letter", "report"]
