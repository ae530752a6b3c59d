/** JSON with sorted keys: two values are equal exactly when their canonical JSON is (as in RFC 8785, for JSON values). */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (isPlainObject(part) ? sorted(part) : part)) ?? 'null'
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function sorted(object: Record<string, unknown>): Record<string, unknown> {
  // Object.fromEntries would let a key named __proto__ set the prototype; a null prototype keeps it a key.
  const result: Record<string, unknown> = Object.create(null)
  for (const key of Object.keys(object).sort()) result[key] = object[key]
  return result
}
