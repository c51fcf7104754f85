// What the bundler knows and puts into the page as data, so that a changed query changes no script:
// tabs, the contents of queries/: [{name, query, variables}], and workers, the file of each language worker by its label.
export const { tabs, workers } = JSON.parse(document.getElementById("setup").textContent);
