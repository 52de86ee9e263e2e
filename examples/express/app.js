import express from "express";
import { symbolon } from "./symbolon.js";

const app = express();
app.use(
  symbolon({
    jwks: process.env.JWKS ?? "http://symbolon.internal:8080/.well-known/jwks.json",
    issuer: process.env.ISSUER ?? "symbolon",
    audience: process.env.AUDIENCE ?? "https://app.example",
  }),
);
app.get("/", (request, response) => {
  response.send(`Hello ${request.identity.sub}, ${request.identity.acr}\n`);
});

const server = app.listen(Number(process.env.PORT ?? 8000), "127.0.0.1", () => {
  console.log(`listening on ${server.address().port}`);
});
