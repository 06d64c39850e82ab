// Draws every chart of the page from the JSON beside it. No evaluation of text, no markup from data.
"use strict";
(() => {
  const root = document.documentElement;
  const charts = [...document.querySelectorAll("[data-chart]")];
  const tip = document.createElement("div");
  tip.id = "tip";
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true"); // the table below each chart says the same
  document.body.append(tip);

  // Text, never markup; an area that stands for the nearest row holds that row.
  const teller = (columns) => (handler, event, item, value) => {
    const row = value && item && item.datum && (item.datum.datum || item.datum);
    tip.hidden = !row || !row.told;
    if (tip.hidden) return;
    tip.replaceChildren(...row.told.map((text, k) => {
      const line = document.createElement("div");
      const what = document.createElement("span");
      what.textContent = columns[k];
      line.append(what, String(text));
      return line;
    }));
    const room = root.clientWidth - tip.offsetWidth - 8;
    tip.style.left = `${window.scrollX + Math.max(4, Math.min(event.clientX + 14, room))}px`;
    tip.style.top = `${window.scrollY + event.clientY + 16}px`;
  };

  function sized(spec, width) {
    for (const part of spec.vconcat || [spec]) part.width = width;
    return spec;
  }

  // Axes and names need room beside the plot that is known only once they are drawn: draw, measure, draw.
  // With another width the ticks may be others, and reach further: then once more.
  async function draw(place, text, width, tries) {
    const spec = JSON.parse(text);
    const tooltip = teller(spec.usermeta.columns);
    const how = { mode: "vega-lite", renderer: "svg", ast: true, actions: false, defaultStyle: false, tooltip };
    const made = await vegaEmbed(place.firstElementChild, sized(spec, width), how);
    const over = Math.ceil(place.querySelector("svg").getBoundingClientRect().width) - place.clientWidth;
    if ((over !== 0 && tries === 2) || (over > 0 && tries > 0)) {
      made.finalize();
      return draw(place, text, Math.max(60, width - over), tries - 1);
    }
    return made;
  }

  async function show(place) {
    if (place.made) place.made.finalize();
    const text = document.getElementById(place.dataset.chart).textContent;
    place.made = await draw(place, text, Math.max(60, place.clientWidth - 130), 2);
    place.drawnAt = place.clientWidth;
  }

  async function all() {
    root.dataset.charts = "drawing";
    for (const place of charts) if (place.drawnAt !== place.clientWidth && place.clientWidth) await show(place);
    root.dataset.charts = "drawn";
  }

  let waiting = 0;
  window.addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(all, 150);
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") tip.hidden = true; });
  root.classList.add("live"); // the still pictures give way, but for print
  all().catch((fault) => {
    root.classList.remove("live"); // better still pictures than none
    root.dataset.charts = "failed";
    console.error(fault);
  });
})();
