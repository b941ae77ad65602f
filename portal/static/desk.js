// Keys on the desk: data-key="a" on what the key A goes to. A button then wants Enter, so that
// nothing is decided by one key alone. Without JavaScript the page works as it is.
document.addEventListener("keydown", function (event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (event.target.closest("input, textarea, select")) return;
  const wanted = document.querySelector('[data-key="' + CSS.escape(event.key.toLowerCase()) + '"]');
  if (!wanted) return;
  event.preventDefault();
  wanted.focus();
  wanted.scrollIntoView({ block: "nearest" });
});
