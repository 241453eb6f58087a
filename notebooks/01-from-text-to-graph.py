# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 从文本到图谱 · From text to graph
#
# 一份政策汇编进去，一个可以查询的图谱出来。
#
# A bulletin goes in; a graph comes out that answers questions and shows where each answer is written.

# %%
import os
from pathlib import Path

from IPython.display import IFrame

from kg.build import build
from kg.export import network
from kg.graph.store import open_graph
from kg.lookup import find
from kg.page import page
from kg.query import query

root = next(folder for folder in (Path.cwd(), *Path.cwd().parents) if (folder / "samples").is_dir())
out = root / "out" / "notebook"
out.mkdir(parents=True, exist_ok=True)

# %% [markdown]
# ## 一、文本 · The text
#
# 目录折行，页码夹在句子中间，这里就有一个标题被换页切成两半。
#
# Contents wrap, page numbers stand inside sentences; here a page break cuts a title in two.

# %%
lines = (root / "samples" / "bulletin-2023-07.txt").read_text(encoding="utf-8").splitlines()
cut = next(n for n, line in enumerate(lines) if line.endswith("积分并行管理"))
print("\n".join(lines[cut : cut + 7]))

# %% [markdown]
# ## 二、生成图谱 · Build
#
# 与命令 `kg build samples --graph DIR` 相同。 The same as the command.

# %%
report = build([root / "samples"], out / "graph")
print(
    f"文件 documents {report.documents} · 文号 numbers {report.numbers} · 机关 agencies {report.agencies} · 地区 regions {report.regions}"
)
for warning in report.warnings[:5]:
    print(f"{warning.file}:{warning.line}: {warning.message}")

# %% [markdown]
# ## 三、第一个问题 · A first question
#
# 哪些文件被谁废止，自何时起？ Which documents were repealed, by which, and since when?

# %%
repeals = """
SELECT ?repealed ?by ?since WHERE {
  ?new pkg:repeals ?old ; pkg:documentNumber ?by .
  ?old dcterms:title ?repealed .
  OPTIONAL { ?new pkg:effectiveDate ?since }
} ORDER BY ?since ?repealed
"""
print(query(out / "graph", repeals).decode())

# %% [markdown]
# ## 四、出处 · The evidence
#
# 每条关系都能回到原文：文件、行、字符位置、原句。被切成两半的标题也能找到。
#
# Every edge leads back to the source: file, line, offsets, sentence. The title that the page break cut is found, and quoted as it stands.

# %%
evidence = """
SELECT ?relation ?title ?line ?quote WHERE {
  ?reference pkg:citedDocument ?cited ; pkg:relation ?relation ; pkg:startLine ?line ; pkg:quote ?quote .
  ?cited dcterms:title ?title .
  FILTER(CONTAINS(?quote, "积分并行管理"))
}
"""
print(query(out / "graph", evidence, format="csv").decode())

# %% [markdown]
# ## 五、网络 · The network
#
# 图谱也是一张网：哪些文件被引用得最多？ The graph is a network too: which documents are cited most?

# %%
store = open_graph(out / "graph")
documents = network(store)
most = sorted(documents.in_degree(), key=lambda pair: (-pair[1], documents.nodes[pair[0]].get("title", "")))[:5]
for iri, citations in most:
    print(citations, documents.nodes[iri].get("title"))

# %% [markdown]
# ## 六、一幅图 · A picture
#
# 与命令 `kg page` 相同：一个自足的网页，点击看标题、文号和原句。
#
# The same as `kg page`: one self-contained page; click for title, number and sentence.

# %%
(centre,) = find(store, "国市监反垄规〔2021〕2号")
picture = out / "page.html"
picture.write_text(page(store, centre), encoding="utf-8")
IFrame(os.path.relpath(picture), width="100%", height=600)
