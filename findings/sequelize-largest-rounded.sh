#!/usr/bin/env bash
# sequelize 6.37.8 with pg 8.23.1. Expected: max() of a column is the value that findOne reads of the row that has it; and `startsWith: 'a_'`
# finds the names that begin with "a_", as `startsWith` in JavaScript does.
# Seen: a BIGINT and a DECIMAL are read as texts, exactly, but their max() is a number: of the id 9007199254740993 it is ...992, which no
# row has, and of 1.10 it is 1.1. The text of startsWith, endsWith and substring is a pattern of LIKE, so `_` is any letter and `%` all.
# For a memory: going on from the largest version or number finds one that is not there.
# Here: not used; kysely leaves numbers as the driver reads them. The server is PGlite, a PostgreSQL in a package.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts sequelize@6.37.8 pg@8.23.1 @electric-sql/pglite@0.5.14 @electric-sql/pglite-socket@0.2.17
cat >try.js <<'JS'
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { DataTypes, Op, Sequelize } from 'sequelize'

const db = await PGlite.create()
const server = new PGLiteSocketServer({ db, port: 0, host: '127.0.0.1' })
await server.start()
const port = Number(server.getServerConn().split(':').pop())
const sequelize = new Sequelize(`postgres://postgres@127.0.0.1:${port}/postgres`, { logging: false, pool: { max: 1 } })
const columns = { name: DataTypes.STRING, version: DataTypes.BIGINT, price: DataTypes.DECIMAL(10, 2) }
const Note = sequelize.define('note', columns, { timestamps: false })
await Note.sync()
await Note.bulkCreate([
  { name: 'a_b', version: '9007199254740993', price: '1.10' },
  { name: 'axb', version: '1', price: '0.50' },
])
const { version, price } = await Note.findOne({ where: { name: 'a_b' } })
const names = async (condition) => (await Note.findAll({ where: { name: condition }, order: ['id'] })).map(({ name }) => name).join(' ')
const seen = {
  read: [version, price],
  largest: [await Note.max('version'), await Note.max('price')],
  startsWith: await names({ [Op.startsWith]: 'a_' }),
  substring: await names({ [Op.substring]: '_' }),
}
await sequelize.close()
await server.stop()
await db.close()
console.log(JSON.stringify(seen))
const expected = { read: ['9007199254740993', '1.10'], largest: [9007199254740992, 1.1], startsWith: 'a_b axb', substring: 'a_b axb' }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
