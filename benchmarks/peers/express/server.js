// express-session over connect-redis. Arguments: its own port, Redis' port.
const express = require('express');
const session = require('express-session');
const { RedisStore } = require('connect-redis');
const { createClient } = require('redis');

const [port, redisPort] = process.argv.slice(2);

async function main() {
  const client = createClient({ url: `redis://127.0.0.1:${redisPort}` });
  await client.connect();
  const app = express();
  app.use(
    session({
      store: new RedisStore({ client }),
      secret: 'a secret of the benchmark',
      resave: false,
      saveUninitialized: false,
    }),
  );
  app.post('/login', (request, response) => {
    request.session.user = request.query.user;
    response.status(204).end();
  });
  app.get('/validate', (request, response) => {
    const user = request.session.user;
    response.status(user ? 200 : 401).set('X-Session-User', user ?? '').end();
  });
  app.listen(Number(port), '127.0.0.1');
}

main();
