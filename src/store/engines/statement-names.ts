/** So many texts are told apart; what comes beyond them is planned each time. */
const MOST = 256;
/** One statement whose plan can be kept; several at once have semicolons between them, outside of quoted text. */
export const PREPARABLE = /^\s*(?:with|select|insert|update|delete)\b(?:'[^']*'|[^';])*$/iu;

/**
 * Names under which the statements that come again and again are prepared: PostgreSQL then parses and plans a
 * text once and not each time, which is most of what a short statement costs.
 */
export class StatementNames {
	readonly #names = new Map<string, string | undefined>();
	#given = 0;

	/** A text's name, from its second time on; `undefined` for what cannot be prepared, or may never come again. */
	of(text: string): string | undefined {
		const known = this.#names.get(text);
		if (known !== undefined) return known;
		if (this.#names.has(text)) {
			const name = `recovery_control_${++this.#given}`;
			this.#names.set(text, name);
			return name;
		}
		if (this.#names.size < MOST && PREPARABLE.test(text)) this.#names.set(text, undefined);
		return undefined;
	}
}
