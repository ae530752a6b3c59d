/** What an attack did, and the promises that it broke. */
export class Tally {
  readonly counts = new Map<string, number>()
  readonly violations: string[] = []

  add(what: string, count = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + count)
  }

  broken(text: string): void {
    this.add('violations')
    if (this.violations.length < MOST_SHOWN) this.violations.push(text.slice(0, MOST_CHARACTERS))
  }
}

const MOST_SHOWN = 20
const MOST_CHARACTERS = 600
