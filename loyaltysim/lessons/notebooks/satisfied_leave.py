"""Satisfied customers still leave: the lesson as a marimo notebook. Open it with `marimo edit`."""

import marimo

app = marimo.App(app_title="Satisfied customers still leave")


@app.cell
def _():
    import marimo as mo

    from loyaltysim.lessons import satisfied_leave as lesson

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
    intensity = mo.ui.slider(
        0.0, 1.0, 0.05, value=0.95, label="intensity of competition 竞争强度", show_value=True
    )
    intensity
    return (intensity,)


@app.cell
def _(intensity, lesson, mo):
    tried = lesson.staying(intensity.value, replications=2).assign(market=f"intensity {intensity.value:g}")
    mo.vstack([mo.md("Turn the knob: 0 is a near-monopoly, 1 a free choice."), lesson.figure(tried)])
    return


@app.cell
def _(lesson, mo):
    mo.md(lesson.FALSIFIED_BY)
    return


if __name__ == "__main__":
    app.run()
