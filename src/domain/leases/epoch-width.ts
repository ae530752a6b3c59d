/** Changes of one epoch, and so its fencing tokens: those of the next one begin above them. */
export const EPOCH_WIDTH = 2 ** 32
