import type { Words } from "./words.js";

/** With what the faces of cards are written: the language, the moment, and where people act themselves. */
export interface Pen {
	readonly words: Words;
	readonly now: Date;
	/** `ADMIN_CENTER_URL`. */
	readonly adminCenterUrl: string;
}
