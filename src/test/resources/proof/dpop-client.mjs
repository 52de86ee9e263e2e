// Logs in with a key and asks for validate, by the npm package dpop, which is not kept here.
// node dpop-client.mjs FOLDER ORIGIN ASSERTION ALG: FOLDER holds node_modules/dpop.
import {createRequire} from 'node:module';
import {pathToFileURL} from 'node:url';

const [folder, origin, assertion, alg] = process.argv.slice(2);
const entry = createRequire(folder + '/').resolve('dpop');
const {generateKeyPair, generateProof} = await import(pathToFileURL(entry));

const key = await generateKeyPair(alg);
let nonce;
const send = async (method, path, id, keep) => {
  const url = origin + path;
  const proof = keep ?? await generateProof(key, url, method, nonce, id);
  const headers = {DPoP: proof};
  if (id) headers.Cookie = '__Host-sid=' + id;
  if (method === 'POST') headers['Content-Type'] = 'application/jwt';
  const answer = await fetch(url, {method, headers, body: method === 'POST' ? assertion : undefined});
  nonce = answer.headers.get('DPoP-Nonce') ?? nonce;
  return {status: answer.status, error: answer.headers.get('WWW-Authenticate'), set: answer.headers.get('Set-Cookie'), proof};
};
const first = await send('POST', '/v1/login');
const login = await send('POST', '/v1/login');
const id = login.set?.replace(/^[^=]*=|;.*/g, '');
const good = await send('GET', '/v1/validate', id);
const again = await send('GET', '/v1/validate', id, good.proof);
console.log([alg, first.status, login.status, good.status, again.status, again.error].join(' '));
