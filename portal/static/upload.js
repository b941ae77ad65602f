// Sends each chosen file at once, one after another, with its progress; photos are made smaller
// first. What is typed is kept as it is typed. Without this script the form does the same by itself.
const form = document.querySelector("form[data-files]");
const LONGEST = 2048; // pixels: a page of print stays readable
let line = Promise.resolve(); // of files that wait for their turn
let waiting = 0;

const make = (tag, given) => Object.assign(document.createElement(tag), given);
const button = (textContent, onclick, name = "") =>
  make("button", { type: "button", className: "quiet-button", textContent, onclick, name });

async function shrunk(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = LONGEST / Math.max(picture.width, picture.height);
    if (scale >= 1) return file;
    const [width, height] = [picture.width, picture.height].map((side) => Math.round(side * scale));
    const canvas = make("canvas", { width, height });
    canvas.getContext("2d").drawImage(picture, 0, 0, width, height);
    const small = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return new File([small], file.name.replace(/\.\w+$/, "") + ".jpg");
  } catch {
    return file; // a kind that this browser cannot draw: as it is
  }
}

function send(field, file, row) {
  const { files, failed, retry, drop } = form.dataset;
  const request = new XMLHttpRequest();
  const name = make("span", { className: "name", textContent: file.name });
  const bar = make("progress", { max: 1, value: 0, ariaLabel: file.name });
  const tell = (words, ...buttons) =>
    row.replaceChildren(name, make("span", { className: "error", textContent: words }), ...buttons);
  row.replaceChildren(name, bar);
  const answered = () => {
    const said = new DOMParser().parseFromString(request.responseText, "text/html").body;
    const leave = button(drop, () => row.remove());
    if (request.status === 200) {
      document.getElementById(field.replace("file-", "held-")).replaceWith(said.firstElementChild);
      htmx.process(document.getElementById(field.replace("file-", "held-")));
      row.remove();
    } else if (request.status === 409) tell(said.textContent, leave);
    else tell(failed, button(retry, () => queue(field, file, row), "unsent"), leave);
  };
  request.upload.onprogress = (event) => { bar.value = event.loaded / event.total; };
  request.open("POST", files);
  request.setRequestHeader("HX-Request", "true");
  const body = new FormData();
  body.append(field, file, file.name);
  return new Promise((done) => {
    request.onloadend = () => done(answered());
    request.send(body);
  });
}

function queue(field, file, row) {
  waiting += 1;
  line = line.then(async () => send(field, await file, row)).finally(() => { waiting -= 1; });
}

form?.addEventListener("change", ({ target }) => {
  if (target.type !== "file") {
    const typed = [...new FormData(form)].filter(([, value]) => typeof value === "string");
    fetch(form.dataset.words, { method: "POST", body: new URLSearchParams(typed) }).catch(() => {});
    return; // no loss: the whole form goes with the next button
  }
  const rows = form.querySelector(`[data-sending="${CSS.escape(target.name.replace("file-", ""))}"]`);
  for (const file of target.files) {
    const row = rows.appendChild(make("li", { textContent: file.name }));
    queue(target.name, "shrink" in target.dataset ? shrunk(file) : file, row);
  }
  target.value = ""; // sent once
});

form?.addEventListener("submit", (event) => {
  const unsent = form.querySelector("[name=unsent]");
  if (waiting || unsent) event.preventDefault(); // nothing is handed in without a file that was chosen
  if (unsent) unsent.focus();
  else if (waiting) line.then(() => form.requestSubmit(event.submitter));
});
