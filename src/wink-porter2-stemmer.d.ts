declare module 'wink-porter2-stemmer' {
  /** Snowball's English stemmer. */
  function stem(word: string): string
  export = stem
}
