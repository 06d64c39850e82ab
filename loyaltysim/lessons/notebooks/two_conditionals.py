"""Two conditionals: the lesson as a marimo notebook. Open it with `marimo edit`."""

import marimo

app = marimo.App(app_title="Two conditionals")


@app.cell
def _():
    import marimo as mo

    from loyaltysim.lessons import two_conditionals as lesson

    return lesson, mo


@app.cell
def _(lesson, mo):
    mo.md(f"# {lesson.TITLE} · {lesson.CHINESE}\n\n{lesson.QUESTION}")
    return


@app.cell
def _(lesson, mo):
    from pathlib import Path

    scenario = Path(lesson.__file__).with_name(lesson.FILE).read_text(encoding="utf-8")
    mo.accordion({"The scenario 情景": mo.md(f"```yaml\n{scenario}\n```")})
    return


@app.cell
def _(lesson):
    found = lesson.finding()
    finding = found.text
    assert found.holds, finding
    return finding, found


@app.cell
def _(finding, found, lesson, mo):
    mo.vstack([mo.md(f"**{finding}**"), lesson.figure(found.table)])
    return


@app.cell
def _(mo):
    level = mo.ui.slider(60, 90, 2, value=74, label="level of the firm 企业水平", show_value=True)
    level
    return (level,)


@app.cell
def _(level, lesson, mo):
    tried = lesson.at(level.value, replications=2)
    mo.vstack(
        [
            mo.md("Turn the knob: the better the firm, the more of its few leavers had been satisfied."),
            mo.ui.table(tried[["question", "estimate", "low", "high", "window"]]),
        ]
    )
    return


@app.cell
def _(lesson, mo):
    mo.md(lesson.FALSIFIED_BY)
    return


if __name__ == "__main__":
    app.run()
