import { signal } from '@preact/signals'

/** The place that the page shows: `#/memory?q=deploy`. */
export interface Route {
  readonly view: string
  readonly query: Readonly<Record<string, string>>
}

export const VIEWS = ['now', 'memory', 'conflicts', 'health', 'access'] as const

export const route = signal<Route>(read())

export function startRouting(): void {
  addEventListener('hashchange', () => {
    route.value = read()
  })
}

function read(): Route {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?')
  const view = VIEWS.find((known) => known === path) ?? 'now'
  return { view, query: Object.fromEntries(new URLSearchParams(query)) }
}

/** The address of a place; parts that are empty are left out. */
export function linkTo(view: string, query: Readonly<Record<string, string | undefined>> = {}): string {
  const given = Object.entries(query).filter((part): part is [string, string] => !!part[1])
  const text = new URLSearchParams(given).toString()
  return `#/${view}${text === '' ? '' : `?${text}`}`
}

/** The address of this view with some parts changed. */
export function linkHere(changed: Readonly<Record<string, string | undefined>>): string {
  return linkTo(route.value.view, { ...route.value.query, ...changed })
}

/** Goes there. `isSame`: typing a question makes no history of its letters. */
export function goTo(link: string, { isSame = false } = {}): void {
  if (!isSame) {
    location.hash = link
    return
  }
  history.replaceState(null, '', link)
  route.value = read()
}
