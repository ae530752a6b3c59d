type Json = Readonly<Record<string, unknown>>

/** The answer with what the ceiling leaves out of hits and empty fields; what is in both must be the same. */
export function whole(answer: Json, all: Json): Json {
  const { scope: _scope, ...own } = answer
  const fields = Object.entries(own).map(([key, value]) => {
    const others: unknown = all[key]
    const isList = Array.isArray(value) && Array.isArray(others) && value.length === others.length
    return [key, isList && value.every(isJson) ? value.map((item, at) => wholeItem(item, others[at])) : value]
  })
  return Object.fromEntries(fields)
}

function wholeItem(item: Json, all: Json): Json {
  const isHit = 'created_by' in all && 'content' in all
  const left = isHit ? LEFT_OUT : []
  const fields = Object.entries(all).filter(
    ([key, value]) => key in item || left.includes(key) || value === null || isEmpty(value),
  )
  const { scope: _scope, ...own } = item
  return { ...Object.fromEntries(fields), ...own, ...('scope' in all && { scope: item['scope'] }) }
}

const LEFT_OUT: readonly string[] = [
  'created_at',
  'created_by',
  'updated_by',
  'priority',
  'status',
  'scope_type',
  'scope_id',
]

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null
}

/** Without what is another one each time: ids by their first appearance, times, and what was measured. */
export function comparable(answer: Json): unknown {
  const ids: string[] = []
  const text = JSON.stringify(answer)
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, (id) => {
      if (!ids.includes(id)) ids.push(id)
      return `id ${ids.indexOf(id)}`
    })
    // Of a chain over ids and times.
    .replace(/"[0-9a-f]{64}"/g, '"hash"')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'time')
    .replace(/"(latency_ms|uptime_ms)":[\d.]+/g, '"$1":0')
  return JSON.parse(text)
}
