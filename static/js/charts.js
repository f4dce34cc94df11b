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

  // Plotly 4 offers to upload the chart; nothing here leaves the machine.
  const config = {
    displaylogo: false,
    showSendToCloud: false,
    plotlyServerURL: "",
    modeBarButtons: [["toImage"]],
    responsive: true,
  };

  const draw = async (box) => {
    const plot = box.querySelector(".chart-plot");
    const wide = box.querySelector(".chart-wide");
    const data = JSON.parse(document.getElementById(box.dataset.chart).textContent);
    const size = wide.getBoundingClientRect();
    if (!size.width) return;
    try {
      const Plotly = await loadPlotly();
      box.style.height = `${size.height}px`;
      plot.hidden = false;
      data.layout.height = size.height;
      await Plotly.newPlot(plot, data.data, data.layout, config);
      box.classList.add("is-plotted");
      for (const link of plot.querySelectorAll("a, button")) link.setAttribute("tabindex", "-1");
      plot.on("plotly_click", (event) => {
        const href = event.points[0].customdata;
        if (typeof href === "string" && href.startsWith("/")) window.location.assign(href);
      });
    } catch (error) {
      plot.hidden = true;
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
