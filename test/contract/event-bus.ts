import { expect, test } from 'vitest'
import type { Delivery, EventBus, Subscriber } from '../../src/coordination/event-bus.ts'

/** One instance: its bus, and its own way to the log that both share. */
export interface EventBusHandle {
  readonly bus: EventBus
  /** Commits so many events in one transaction and announces them, as this instance's writes do. Answers the last seq. */
  commit(count?: number): Promise<number>
}

export interface EventBusHandles {
  readonly a: EventBusHandle
  readonly b: EventBusHandle
  /** Forgets every event up to this one. */
  trim(upToSeq: number): Promise<void>
  close(): Promise<void>
}

/** `maxBehind`: how many events behind a subscriber may be before it gets `resync`. */
export type OpenEventBuses = (options: { maxBehind: number }) => Promise<EventBusHandles>

/** A subscriber that remembers, and that a test can wait for. */
class Listener {
  readonly deliveries: Delivery[] = []
  #check: () => void = () => {}

  readonly subscriber: Subscriber = (delivery) => {
    this.deliveries.push(delivery)
    this.#check()
  }

  get seqs(): number[] {
    return this.deliveries.flatMap(({ events }) => events.map((event) => event.seq))
  }

  /** Resolves when everything up to `seq` was delivered or lost. */
  reached(seq: number): Promise<void> {
    return new Promise((resolve) => {
      this.#check = () => {
        if ((this.deliveries.at(-1)?.lastSeq ?? 0) >= seq) resolve()
      }
      this.#check()
    })
  }
}

const MANY = 1_000_000

/** What every event bus promises, tried on two instances over one log. */
export function eventBusContract(open: OpenEventBuses): void {
  const withBuses = (maxBehind: number, body: (handles: EventBusHandles) => Promise<void>) => async () => {
    const handles = await open({ maxBehind })
    try {
      await body(handles)
    } finally {
      await handles.close()
    }
  }

  test(
    'an event reaches the subscribers of its own and of the other instance, once',
    withBuses(MANY, async ({ a, b }) => {
      const [here, there] = [new Listener(), new Listener()]
      await a.commit(3)
      await a.bus.subscribe(here.subscriber)
      await b.bus.subscribe(there.subscriber)
      const seq = await a.commit(2)
      await Promise.all([here.reached(seq), there.reached(seq)])
      const next = await b.commit()
      await Promise.all([here.reached(next), there.reached(next)])
      for (const listener of [here, there]) {
        expect(listener.seqs).toEqual([4, 5, 6])
        expect(listener.deliveries.some((delivery) => delivery.resync)).toBe(false)
      }
      expect(a.bus.isConnected()).toBe(true)
    }),
  )

  test(
    'many commits of both instances at once arrive in one order, whole, at every subscriber',
    withBuses(MANY, async ({ a, b }) => {
      const listeners = [new Listener(), new Listener(), new Listener(), new Listener()]
      for (const [place, listener] of listeners.entries()) {
        await (place % 2 === 0 ? a : b).bus.subscribe(listener.subscriber)
      }
      const commits = Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? a : b).commit((i % 3) + 1))
      const last = Math.max(...(await Promise.all(commits)))
      await Promise.all(listeners.map((listener) => listener.reached(last)))
      const all = Array.from({ length: last }, (_, i) => i + 1)
      for (const listener of listeners) expect(listener.seqs).toEqual(all)
    }),
  )

  test(
    'afterSeq replays the log and goes on live, without a gap or a repetition',
    withBuses(MANY, async ({ a, b }) => {
      await a.commit(700)
      await b.commit(5)
      const listener = new Listener()
      const busy = Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? a : b).commit()))
      await a.bus.subscribe(listener.subscriber, { afterSeq: 10 })
      const last = Math.max(...(await busy))
      await listener.reached(last)
      expect(listener.seqs).toEqual(Array.from({ length: last - 10 }, (_, i) => i + 11))
      for (const { events, lastSeq } of listener.deliveries) expect(lastSeq).toBe(events.at(-1)?.seq)
    }),
  )

  test(
    'after unsubscribing, and after close, nothing more comes',
    withBuses(MANY, async ({ a }) => {
      const [gone, kept] = [new Listener(), new Listener()]
      const unsubscribe = await a.bus.subscribe(gone.subscriber)
      await a.bus.subscribe(kept.subscriber)
      unsubscribe()
      unsubscribe()
      await kept.reached(await a.commit())
      await a.bus.close()
      expect(a.bus.isConnected()).toBe(false)
      await a.commit()
      await a.bus.subscribe(gone.subscriber, { afterSeq: 0 })
      expect(gone.deliveries).toEqual([])
      expect(kept.seqs).toEqual([1])
    }),
  )

  test(
    'a subscriber gets one delivery at a time, and delays no other',
    withBuses(MANY, async ({ a }) => {
      const [slow, quick] = [new Listener(), new Listener()]
      const gate = Promise.withResolvers<void>()
      let atOnce = 0
      await a.bus.subscribe(async (delivery) => {
        expect(++atOnce).toBe(1)
        await gate.promise
        await slow.subscriber(delivery)
        atOnce--
      })
      await a.bus.subscribe(quick.subscriber)
      await a.commit()
      await a.commit()
      const last = await a.commit(3)
      await quick.reached(last)
      expect(slow.seqs).toEqual([])
      gate.resolve()
      await slow.reached(last)
      expect(slow.seqs).toEqual([1, 2, 3, 4, 5])
    }),
  )

  test(
    'a subscriber too far behind gets one resync, and goes on from there',
    withBuses(10, async ({ a }) => {
      const [slow, quick] = [new Listener(), new Listener()]
      const [gate, isHeld] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      await a.bus.subscribe(async (delivery) => {
        isHeld.resolve()
        await gate.promise
        await slow.subscriber(delivery)
      })
      await a.bus.subscribe(quick.subscriber)
      await quick.reached(await a.commit())
      // Each subscriber reads for itself: the quick one may have its event first.
      await isHeld.promise
      let last = 0
      for (let i = 0; i < 12; i++) {
        last = await a.commit()
        await quick.reached(last)
      }
      gate.resolve()
      await slow.reached(last)
      const next = await a.commit()
      await slow.reached(next)
      expect(slow.deliveries.filter((delivery) => delivery.resync)).toHaveLength(1)
      expect(slow.seqs).toEqual([1, next])
      expect(quick.seqs).toEqual(Array.from({ length: next }, (_, i) => i + 1))
    }),
  )

  test(
    'a subscriber that throws is ended, the others go on',
    withBuses(MANY, async ({ a }) => {
      const listener = new Listener()
      let calls = 0
      for (const fail of [() => Promise.reject(new Error('no')), () => unreachable()]) {
        await a.bus.subscribe((): Promise<void> => {
          calls++
          return fail()
        })
      }
      await a.bus.subscribe(listener.subscriber)
      await listener.reached(await a.commit())
      await expect.poll(() => calls).toBe(2)
      await listener.reached(await a.commit())
      expect(calls).toBe(2)
      expect(listener.seqs).toEqual([1, 2])
    }),
  )

  test(
    'a place that the log no longer reaches, or has never reached, is answered with one resync',
    withBuses(MANY, async ({ a, b, trim }) => {
      const end = await a.commit(10)
      await trim(6)
      for (const [afterSeq, expected] of [
        [6, [7, 8, 9, 10]],
        [5, []],
        [0, []],
        [99, []],
      ] as const) {
        const listener = new Listener()
        const unsubscribe = await b.bus.subscribe(listener.subscriber, { afterSeq })
        // 99 is beyond the end: what is reached there is the end.
        await listener.reached(end)
        expect(listener.seqs).toEqual(expected)
        expect(listener.deliveries.map((delivery) => delivery.resync)).toEqual([expected.length === 0])
        expect(listener.deliveries.at(-1)?.lastSeq).toBe(end)
        unsubscribe()
      }
    }),
  )
}

function unreachable(): never {
  throw new Error('no')
}
