// Shows openapi.json in the reader that the page brings along; without its files the page keeps its link.
if (window.SwaggerUIBundle) {
  window.SwaggerUIBundle({ url: "openapi.json", dom_id: "#api", deepLinking: true, validatorUrl: null });
}
