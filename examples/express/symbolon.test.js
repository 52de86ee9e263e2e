import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import express from "express";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { symbolon } from "./symbolon.js";

const own = await generateKeyPair("ES256");
const foreign = await generateKeyPair("ES256");
const published = { ...(await exportJWK(own.publicKey)), kid: "own", alg: "ES256", use: "sig" };
const servers = [];

async function listening(handler) {
  const server = createServer(handler);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  servers.push(server);
  return `http://127.0.0.1:${server.address().port}`;
}

function application(jwks) {
  const app = express();
  app.use(symbolon({ jwks, issuer: "symbolon", audience: "https://app.example" }));
  app.get("/", (request, response) => response.send(request.identity.sub));
  app.use((error, request, response, next) => response.status(error.status ?? 500).end());
  return listening(app);
}

let app;
before(async () => {
  const keys = await listening((_, response) => {
    response.setHeader("Content-Type", "application/jwk-set+json");
    response.end(JSON.stringify({ keys: [published] }));
  });
  app = await application(`${keys}/.well-known/jwks.json`);
});
after(() => servers.forEach((server) => server.close()));

function signed({ key = own.privateKey, audience = "https://app.example", age = 0, alg = "ES256" } = {}) {
  const now = Math.floor(Date.now() / 1000) - age;
  return new SignJWT({ sid: "k3jq6mzv5o2ch7ta" })
    .setProtectedHeader({ alg, kid: "own", typ: "JWT" })
    .setIssuer("symbolon").setAudience(audience).setSubject("alice")
    .setIssuedAt(now).setExpirationTime(now + 60)
    .sign(key);
}

function status(assertion, of = app) {
  const headers = assertion === undefined ? {} : { "X-Session-Assertion": assertion };
  return fetch(of, { headers }).then((response) => response.status);
}

test("lets in whom Symbolon vouches for", async () => {
  const response = await fetch(app, { headers: { "X-Session-Assertion": await signed() } });
  assert.equal(response.status, 200);
  assert.equal(await response.text(), "alice");
});

test("refuses who comes without, or past the gateway with headers alone", async () => {
  assert.equal(await status(undefined), 401);
  assert.equal(await status(""), 401);
  const response = await fetch(app, { headers: { "X-Session-User": "alice" } });
  assert.equal(response.status, 401);
});

test("refuses what is signed by another, for another, or long ago", async () => {
  assert.equal(await status(await signed({ key: foreign.privateKey })), 401);
  assert.equal(await status(await signed({ audience: "https://other.example" })), 401);
  assert.equal(await status(await signed({ age: 70 })), 401);
});

test("refuses other algorithms", async () => {
  const secret = new TextEncoder().encode(JSON.stringify(published).padEnd(64));
  assert.equal(await status(await signed({ key: secret, alg: "HS256" })), 401);
  const [, payload] = (await signed()).split(".");
  const none = Buffer.from('{"alg":"none"}').toString("base64url");
  assert.equal(await status(`${none}.${payload}.`), 401);
});

test("refuses two at once", async () => {
  const one = await signed();
  assert.equal(await status(`${one}, ${one}`), 401);
});

test("tells an outage from a refusal", async () => {
  const broken = await application("http://127.0.0.1:1/jwks.json");
  assert.equal(await status(await signed(), broken), 503);
});
