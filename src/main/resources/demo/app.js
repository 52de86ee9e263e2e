"use strict";

const element = (id) => document.getElementById(id);

const say = (text) => {
  element("status").textContent = text;
};

/** What went wrong, in the words of the problem (RFC 9457). */
const problem = async (response) => {
  const body = await response.json().catch(() => ({}));
  return `${response.status}: ${body.detail ?? "no answer"}. ${body.mend ?? ""}`;
};

async function logIn(subject) {
  const assertion = await fetch(`/demo/assertion?subject=${encodeURIComponent(subject)}`);
  if (!assertion.ok) {
    return say(await problem(assertion));
  }
  const response = await fetch("/v1/login", {
    method: "POST",
    headers: {"Content-Type": "application/jwt"},
    body: await assertion.text(),
  });
  if (!response.ok) {
    return say(await problem(response));
  }
  const session = await response.json();
  await show();
  say(`Logged in as ${session.subject}. The cookie is out of this script's reach.`);
}

async function who() {
  const response = await fetch("/v1/validate");
  const lines = [`${response.status} ${response.statusText}`];
  for (const [name, value] of response.headers) {
    if (name.startsWith("x-session-") || name === "www-authenticate" || name === "retry-after") {
      lines.push(`${name}: ${value}`);
    }
  }
  element("verdict").textContent = lines.join("\n");
  return response.ok;
}

function row(session) {
  const line = document.createElement("tr");
  const device = `${session.device.browser} on ${session.device.platform}`;
  const cells = [
    session.handle + (session.current ? " (this one)" : ""),
    device,
    new Date(session.last_seen_at).toLocaleString(),
    new Date(session.expires_at).toLocaleString(),
  ];
  for (const text of cells) {
    line.insertCell().textContent = text;
  }
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "End";
  button.setAttribute("aria-label", `End session ${session.handle}`);
  button.addEventListener("click", () => act(() => end(session.handle)));
  line.insertCell().append(button);
  return line;
}

async function list() {
  const response = await fetch("/v1/me/sessions");
  const sessions = response.ok ? (await response.json()).sessions : [];
  element("sessions").replaceChildren(...sessions.map(row));
}

async function show() {
  if (await who()) {
    await list();
  } else {
    element("sessions").replaceChildren();
  }
}

async function end(handle) {
  const response = await fetch(`/v1/me/sessions/${handle}`, {method: "DELETE"});
  const text = response.ok ? `Session ${handle} has ended.` : await problem(response);
  await show();
  say(text);
}

async function logOut(scope) {
  const response = await fetch(`/v1/logout?scope=${scope}`, {method: "POST"});
  const done = scope === "this" ? "Logged out." : "Logged out everywhere else.";
  const text = response.ok ? done : await problem(response);
  await show();
  say(text);
}

async function act(action) {
  try {
    await action();
  } catch (error) {
    say(`No answer: ${error.message}`);
  }
}

element("login").addEventListener("submit", (event) => {
  event.preventDefault();
  act(() => logIn(element("subject").value));
});
element("who").addEventListener("click", () => act(who));
element("refresh").addEventListener("click", () => act(list));
for (const button of document.querySelectorAll("[data-scope]")) {
  button.addEventListener("click", () => act(() => logOut(button.dataset.scope)));
}
act(show);
