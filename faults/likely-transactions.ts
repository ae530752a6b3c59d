/**
 * A name for the transaction of each row of a log that does not tell it, as SQLite's does not, where transactions never overlap: rows of one
 * have the same if no other process has written between them and they moved the same scope to the same place.
 */
export function likelyTransactions(
  rows: readonly { readonly instance: string; readonly versions: string }[],
): string[] {
  let turn = 0
  return rows.map(({ instance, versions }, at) => {
    if (instance !== rows[at - 1]?.instance) turn++
    return `${turn} ${versions}`
  })
}
