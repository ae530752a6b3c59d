#!/usr/bin/env bash
# SQLite's FTS5 as in Node 24.21.0 (node:sqlite). Expected: an index with external content that is kept by the three triggers which
# the documentation shows (after insert, delete, update) follows whatever is written to the table.
# https://www.sqlite.org/fts5.html#external_content_tables
# Seen: `insert or replace` takes the old row away without its delete trigger (only the page on ON CONFLICT says so, of recursive
# triggers). The old words stay in the index: a search for them finds the new text, which has none of them, and where the row got
# another number, any search with one of them is an error for good ("missing row 1 from content table"). An upsert does it right.
# For a memory: a corrected entry goes on being found by what was wrong in it.
# Here: no statement replaces rows, and `doctor` compares the index with them (src/store/sqlite/search/verify.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true,"allowScripts":{"node":true}}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts=false node@24.21.0
cat >try.js <<'JS'
import { DatabaseSync } from 'node:sqlite'

function found(write) {
  const db = new DatabaseSync(':memory:')
  db.exec(`
    create table note (id integer primary key, name text unique, body text);
    create virtual table words using fts5(body, content='note', content_rowid='id');
    create trigger note_insert after insert on note begin
      insert into words (rowid, body) values (new.id, new.body); end;
    create trigger note_delete after delete on note begin
      insert into words (words, rowid, body) values ('delete', old.id, old.body); end;
    create trigger note_update after update on note begin
      insert into words (words, rowid, body) values ('delete', old.id, old.body);
      insert into words (rowid, body) values (new.id, new.body); end;
    insert into note values (1, 'rule', 'deploy on Friday');`)
  db.exec(write)
  try {
    return db.prepare(`select body from words where words match 'friday'`).all().map(({ body }) => body)
  } catch (error) {
    return error.message
  }
}
const seen = {
  upsert: found(`insert into note values (1, 'rule', 'deploy on Monday') on conflict (id) do update set body = excluded.body`),
  sameNumber: found(`insert or replace into note values (1, 'rule', 'deploy on Monday')`),
  newNumber: found(`insert or replace into note (name, body) values ('rule', 'deploy on Monday')`),
}
console.log(JSON.stringify(seen, null, 1))
const expected = {
  upsert: [],
  sameNumber: ['deploy on Monday'],
  newNumber: "fts5: missing row 1 from content table 'main'.'note'",
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node_modules/.bin/node try.js
