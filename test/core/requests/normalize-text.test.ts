import { describe, expect, it } from "@jest/globals";
import { normalizeText } from "../../../src/core/requests/normalize-text.js";

const own = ["Recovery Control", "R&D Bot"];
const normalize = (raw: string) => normalizeText(raw, own);

describe("the text of a message", () => {
	it.each([
		["<at>Recovery Control</at> jobs", "jobs"],
		['<at id="0">recovery\u00A0control</at>&nbsp;jobs', "jobs"],
		["<AT>Recovery Control</AT>jobs<at>Recovery Control</at>", "jobs"],
		["<at>R&amp;D Bot</at> jobs", "jobs"],
		["<at> Recovery\u200B \u00A0 Control </at> jobs", "jobs"],
		["a<at>Recovery Control</at>b", "a b"],
	])("loses the bot's own mention: %j", (raw, text) => {
		expect(normalize(raw)).toBe(text);
	});

	it.each([
		["<at>Anna</at> cancel", "Anna cancel"],
		["ask <at>Recovery Control 2</at>", "ask Recovery Control 2"],
		["ask <at>RecoveryControl</at>", "ask RecoveryControl"],
		["<at>Tom &amp; Jo</at>", "Tom & Jo"],
	])("keeps the names of others: %j", (raw, text) => {
		expect(normalize(raw)).toBe(text);
	});

	it("keeps every mention when no name is the bot's", () => {
		expect(normalizeText("<at>Recovery Control</at> jobs", [])).toBe("Recovery Control jobs");
	});

	it.each([
		["<p>a</p><p>b</p>", "a b"],
		["a<br>b<br/>c<BR />d", "a b c d"],
		['<div class="x"><code>a</code></div>', "a"],
		['<a href="https://x.example/?q=1">a</a>', "a"],
		['<attachment id="1"></attachment>a', "a"],
	])("loses the tags that Teams adds: %j", (raw, text) => {
		expect(normalize(raw)).toBe(text);
	});

	it.each(["<blockquote>a</blockquote>", "<s>a</s>", "<a1b2>", "1 < 2 > 0"])(
		"keeps tags that change what is meant, and what only looks like one: %j",
		(raw) => {
			expect(normalize(raw)).toBe(raw);
		},
	);

	it.each([
		["a&nbsp;&lt;b&gt;&#x20;&quot;c&quot;", 'a <b> "c"'],
		["&amp;lt;p&amp;gt;", "&lt;p&gt;"],
	])("decodes entities once: %j", (raw, text) => {
		expect(normalize(raw)).toBe(text);
	});

	it.each([
		["\uFEFFa\u200Eb\u2060", "ab"],
		["job\u200Bname", "job name"],
		["3f4a\u200B6b60", "3f4a6b60"],
		["soft\u00ADhyphen", "softhyphen"],
		["a\u202Fb\u3000c\t\r\nd", "a b c d"],
		["a\u0000b\u0085c", "a b c"],
		["a\uD83Db\uDE00", "ab"],
		["\u{1F44D}", "\u{1F44D}"],
	])("loses what nobody sees: %j", (raw, text) => {
		expect(normalize(raw)).toBe(text);
	});

	it.each([
		["\u201Ca\u201D \u00ABb\u00BB", '"a" "b"'],
		["\u2018a\u2019 \u2039b\u203A don\u00B4t", "'a' 'b' don't"],
		["a \u2013 b \u2014 c\u2011d \u2212e", "a - b - c-d -e"],
	])("folds quotes and dashes: %j", (raw, text) => {
		expect(normalize(raw)).toBe(text);
	});
});
