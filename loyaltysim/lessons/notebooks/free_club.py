"""Who joins? Selection against effect: the lesson as a marimo notebook. Open it with `marimo edit`."""

import marimo

app = marimo.App(app_title="Who joins? Selection against effect")


@app.cell
def _():
    import marimo as mo

    from loyaltysim.lessons import free_club as lesson

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
    slope = mo.ui.slider(
        0.0, 4.0, 0.5, value=1.0, label="heavy buyers join sooner 常客更早加入", show_value=True
    )
    slope
    return (slope,)


@app.cell
def _(slope, lesson, mo):
    tried = lesson.lifts(slope.value, replications=2)
    mo.vstack(
        [
            mo.md("Turn the knob: 0 still selects, for who comes more often is asked more often."),
            lesson.figure(tried),
        ]
    )
    return


@app.cell
def _(lesson, mo):
    mo.md(lesson.FALSIFIED_BY)
    return


if __name__ == "__main__":
    app.run()
