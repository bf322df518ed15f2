import fc from "fast-check";

const character = fc.oneof(fc.nat({ max: 0x7e }), fc.nat({ max: 0x10_ff_ff }));

/**
 * Any text at all, halves of characters included, and much of what is on a keyboard. `fc.string({ unit: "binary" })`
 * keeps a map of all 1,114,112 characters, which takes most of a second wherever it is used.
 */
export function anyText(maxLength: number): fc.Arbitrary<string> {
	return fc.array(character, { maxLength }).map((points) => String.fromCodePoint(...points));
}
