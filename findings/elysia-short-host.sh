#!/usr/bin/env bash
# elysia 1.4.30, also behind @elysiajs/node 1.4.5. Expected: the route of a request is that of its path, whatever the host is called.
# Seen: the path is looked for from the twelfth sign of the address on. Where the host has at most three letters and no port, as a
# service named "api" or "db" in a network of containers, the first part of the path is taken for the host: /entries/7 is answered by
# the route of /7, and /entries by 404.
# For a memory: what is asked for by its path is answered by another route, without an error.
# Here: not used; hono looks for the path behind the "://".
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts elysia@1.4.30 @elysiajs/node@1.4.5
cat >try.js <<'JS'
import { Elysia } from 'elysia'
import { node } from '@elysiajs/node'
import { get } from 'node:http'

const routes = (app) => app.get('/entries', () => 'all entries').get('/entries/:id', ({ params }) => `entry ${params.id}`)
const app = routes(new Elysia()).get('/:id', ({ params }) => `the id ${params.id}`)
const ask = async (address) => (await app.handle(new Request(address))).text()
const seen = []
for (const address of ['http://api/entries/7', 'http://db/entries/7', 'http://api/entries', 'http://memory/entries/7', 'http://api:80/entries/7']) {
  seen.push(await ask(address))
  console.log(`${address}: ${seen.at(-1)}`)
}
const onNode = routes(new Elysia({ adapter: node() })).get('/:id', ({ params }) => `the id ${params.id}`)
const { server } = await new Promise((resolve) => onNode.listen({ port: 0, hostname: '127.0.0.1' }, ({ node }) => resolve(node)))
if (!server.listening) await new Promise((resolve) => server.once('listening', resolve))
const { port } = server.address()
const path = '/entries/7'
const served = (host) =>
  new Promise((resolve) => {
    get({ host: '127.0.0.1', port, path, headers: { host } }, (answer) => answer.on('data', (text) => resolve(`${text}`)))
  })
seen.push(await served('api'), await served('memory'))
console.log(`served to api: ${seen.at(-2)}, to memory: ${seen.at(-1)}`)
const expected = ['the id 7', 'the id 7', 'NOT_FOUND', 'entry 7', 'the id 7', 'the id 7', 'entry 7']
const isAsDescribed = seen.join() === expected.join()
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
