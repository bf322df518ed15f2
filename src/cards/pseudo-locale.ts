import type { IntlMessageFormat } from "intl-messageformat";

type Message = ReturnType<IntlMessageFormat["getAst"]>;

const LITERAL = 0;
const ACCENTS: Readonly<Record<string, string>> = { a: "á", e: "é", i: "í", o: "ó", u: "ú", A: "Á", E: "É" };

/**
 * The same message with accents on its own letters, a third longer, as translations are: whatever stays plain on a
 * card of this language is not in the catalog, and whatever no longer fits would not fit in German either.
 */
export function accented(message: Message): Message {
	return message.map((element) => {
		if (element.type === LITERAL) {
			const letters = element.value.replace(/[aeiouAE]/gu, (letter) => ACCENTS[letter] ?? letter);
			return { ...element, value: `${letters}${"~".repeat(Math.floor(letters.trim().length / 3))}` };
		}
		if (!("options" in element)) return element;
		const options = Object.entries(element.options).map(([name, { value, ...rest }]) => [
			name,
			{ ...rest, value: accented(value) },
		]);
		return { ...element, options: Object.fromEntries(options) } as Message[number];
	});
}
