import { describe, expect, it } from "@jest/globals";
import { escapeText, mentionName, plainText } from "../../src/cards/user-text.js";

const JOINER = "\u2060";
const FIRE = "🧯";
const FAMILY = "👨‍👩‍👧‍👦";

describe("plain text", () => {
	it.each([
		["  a\t\r\n b  ", "a b"],
		["a\u0000b\u001Fc", "a b c"],
		["a\u200Bb\u202Ec\u00ADd", "a b c d"],
		["a\uE000b\uFFFFc\uD83Dd", "a b c d"],
		["\u200B \u0007", ""],
		["", ""],
		["Ünïcödé 🧯 中文", "Ünïcödé 🧯 中文"],
	])("is one line of what can be seen: %j", (text, shown) => {
		expect(plainText(text, 50)).toBe(shown);
	});

	it("can neither mention nor be an entity, wherever it is shown", () => {
		expect(plainText("<at>A</at> & &lt;", 50)).toBe(`<${JOINER}at>A<${JOINER}/at> &${JOINER} &${JOINER}lt;`);
	});

	it.each([
		["abcde", 5, "abcde"],
		["abcdef", 5, "abcd…"],
		[" abcde ", 5, "abcde"],
		["abcdef", 2, "a…"],
		["ab", 1, "a…"],
		["", 5, ""],
		[FIRE.repeat(5), 5, FIRE.repeat(5)],
		[FIRE.repeat(6), 5, `${FIRE.repeat(4)}…`],
		[`e\u0301${"x".repeat(4)}`, 5, `e\u0301${"x".repeat(4)}`],
		["e\u0301".repeat(9), 5, `${"e\u0301".repeat(4)}…`],
	])("is cut between characters as people see them: %j to %d", (text, length, shown) => {
		expect(plainText(text, length)).toBe(shown);
	});

	it("takes no more room than four code units for each character, however they are made", () => {
		const heavy = `e${"\u0301".repeat(6)}`;
		expect(plainText(heavy.repeat(2), 4)).toBe(heavy.repeat(2));
		expect(plainText(heavy.repeat(4), 4)).toBe(`${heavy}${heavy}…`);
		expect(plainText(`ab${"\u0301".repeat(15)}`, 4)).toBe("a…");
		expect(plainText(`a${"\u0301".repeat(16)}`, 4)).toBe("…");
		expect(plainText(`a${"\u0301".repeat(15)}`, 4)).toBe(`a${"\u0301".repeat(15)}`);
	});
});

describe("escaped text", () => {
	it.each(["\\", "`", "*", "_", "[", "]", "~"])("takes the force of %s", (mark) => {
		expect(escapeText(`a${mark}b${mark}`)).toBe(`a\\${mark}b\\${mark}`);
	});

	it("takes the force of the client's functions", () => {
		expect(escapeText("{{DATE(x)}} {{{ {")).toBe(`{${JOINER}{DATE(x)}} {${JOINER}{${JOINER}{ {`);
	});

	it.each(["- a", "+ a", "# a", "> a", "1. a", "12) a"])("begins no list, heading or quote: %j", (text) => {
		expect(escapeText(text)).toBe(`${JOINER}${text}`);
		expect(escapeText(`a ${text}`)).toBe(`a ${text}`);
	});

	it.each(["1 a", "12a", "(1) a", "a"])("is left alone where nothing begins: %j", (text) => {
		expect(escapeText(text)).toBe(text);
	});

	it("is cut at 64 characters unless it may be longer", () => {
		expect(escapeText("x".repeat(64))).toBe("x".repeat(64));
		expect(escapeText("x".repeat(65))).toBe(`${"x".repeat(63)}…`);
		expect(escapeText("x".repeat(65), 70)).toBe("x".repeat(65));
	});
});

describe("a name in a mention", () => {
	it.each([
		["Anna Admin", "Anna Admin"],
		["\\`*_[]()~<>&{}Anna", "Anna"],
		["*Anna* (she) <b>", "Anna she b"],
		["* Anna *", "Anna"],
		["**", ""],
		["", ""],
		[" \u200B ", ""],
		["x".repeat(65), `${"x".repeat(63)}…`],
		[FAMILY, FAMILY.replaceAll("\u200D", " ")],
	])("is bare of markup: %j", (name, shown) => {
		expect(mentionName(name)).toBe(shown);
	});
});
