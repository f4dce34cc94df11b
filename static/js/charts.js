// Draws Plotly's figure in place of a picture once it scrolls into view. The picture stays where
// Plotly cannot be had, on a narrow screen and on paper.
(() => {
  "use strict";
  const source = document.querySelector("script[data-plotly]");
  const boxes = document.querySelectorAll("[data-chart]");
  if (!source || !boxes.length || !("IntersectionObserver" in window)) return;

  let loading;
  const loadPlotly = () => {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = source.dataset.plotly;
      script.onload = () => resolve(window.Plotly);
      script.onerror = reject;
      document.head.append(script);
    });
    return loading;
  };

  // Plotly reads some HTML in every text; a saved picture prints the words letter by letter.
  const escape = (words) =>
    words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

  const wrap = (words, room) => {
    const lines = [""];
    for (const word of words.split(/\s+/)) {
      const longer = `${lines.at(-1)} ${word}`.trim();
      if (longer.length <= room || !lines.at(-1)) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines.map(escape);
  };

  // The picture as it leaves the page: what it shows, where that is from, and of which day.
  const makeExport = (plot, box) => {
    const { title, source, dated } = box.dataset;
    const layout = JSON.parse(JSON.stringify(plot.layout));
    const heading = wrap(title, 66);
    const said = [source, dated].filter(Boolean).flatMap((words) => wrap(words, 105));
    const above = 34 + 24 * (heading.length - 1) + 17 * said.length + 14;
    layout.title = {
      text: heading.join("<br>"),
      subtitle: { text: said.join("<br>"), font: { size: 13, color: "#505a5f" } },
      // Not <b>: Plotly writes that as a style attribute, which the policy refuses.
      font: { size: 17, weight: "bold" },
      x: 0,
      xref: "container",
      xanchor: "left",
      y: 1,
      yref: "container",
      yanchor: "top",
      // Plotly sets the title's first line alone under the top, whatever the number of lines.
      pad: { t: 12 + 14 * (heading.length - 1), l: 6 },
      automargin: false,
    };
    const height = plot.clientHeight + above;
    layout.margin.t += above;
    // A legend at a share of the whole height keeps its distance from the foot.
    for (const legend of [layout.legend, layout.legend2]) {
      if (legend?.yref === "container") legend.y *= plot.clientHeight / height;
    }
    return { data: plot.data, layout, width: plot.clientWidth, height };
  };

  const save = (Plotly, box, format) => (plot) => {
    const { data, layout, width, height } = makeExport(plot, box);
    const name = `${box.dataset.title} ${box.dataset.dated}`;
    const filename = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-|-$/g, "");
    // A PNG twice as fine as the screen stays sharp on paper.
    const scale = format === "png" ? 2 : 1;
    return Plotly.downloadImage({ data, layout }, { format, width, height, filename, scale });
  };

  // Plotly 4 offers to upload the chart; nothing here leaves the machine.
  const makeConfig = (Plotly, box) => ({
    displaylogo: false,
    showSendToCloud: false,
    plotlyServerURL: "",
    modeBarButtons: [
      ["png", "svg"].map((format) => ({
        name: `save-${format}`,
        title: `Download picture (${format.toUpperCase()})`,
        icon: format === "png" ? Plotly.Icons.camera : Plotly.Icons.disk,
        click: save(Plotly, box, format),
      })),
    ],
    responsive: true,
  });

  const draw = async (box) => {
    const plot = box.querySelector(".chart-plot");
    // On a narrow screen the plot is not shown, and the picture for it stays.
    if (!plot.getBoundingClientRect().width) return;
    const data = JSON.parse(document.getElementById(box.dataset.chart).textContent);
    try {
      const Plotly = await loadPlotly();
      // The plot fills its box, which has the picture's size at every width of the window.
      delete data.layout.height;
      data.layout.autosize = true;
      await Plotly.newPlot(plot, data.data, data.layout, makeConfig(Plotly, box));
      box.classList.add("is-plotted");
      for (const link of plot.querySelectorAll("a, button")) link.setAttribute("tabindex", "-1");
      plot.on("plotly_click", (event) => {
        const href = event.points[0].customdata;
        if (typeof href === "string" && href.startsWith("/")) window.location.assign(href);
      });
    } catch (error) {
      box.classList.remove("is-plotted");
      console.error("The chart stays a picture:", error);
    }
  };

  const observer = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting) {
        observer.unobserve(entry.target);
        draw(entry.target);
      }
    }
  });
  for (const box of boxes) observer.observe(box);
})();
