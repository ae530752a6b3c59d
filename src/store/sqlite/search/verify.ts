import type { DatabaseSync } from 'node:sqlite'

/**
 * Whether the index says of each entry what its terms say. FTS5's own check needs the right to write; here the index is built a
 * second time in a temporary table, which SQLite keeps in a file, and both are read word by word in the same order.
 */
export function isIndexTrue(db: DatabaseSync): boolean {
  db.exec(`create virtual table temp.fresh using fts5(terms, place, content='', tokenize='ascii');
    create virtual table temp.fresh_words using fts5vocab('temp', 'fresh', 'instance');
    create virtual table temp.stored_words using fts5vocab('main', 'entry_words', 'instance')`)
  try {
    db.exec('insert into temp.fresh (rowid, terms, place) select seq, terms, place from main.entry_words_of')
    return areSame(wordsIn(db, 'stored_words'), wordsIn(db, 'fresh_words'))
  } finally {
    db.exec('drop table temp.stored_words; drop table temp.fresh_words; drop table temp.fresh')
  }
}

type Words = Iterator<Record<string, unknown>>

function wordsIn(db: DatabaseSync, table: string): Words {
  return db.prepare(`select term, doc, col, "offset" from temp.${table}`).iterate()
}

function areSame(one: Words, other: Words): boolean {
  for (;;) {
    const [a, b] = [one.next(), other.next()]
    if (!a.done && !b.done && Object.entries(a.value).every(([name, value]) => b.value[name] === value))
      continue
    // A table cannot be dropped while a statement reads it.
    one.return?.()
    other.return?.()
    return a.done === true && b.done === true
  }
}
