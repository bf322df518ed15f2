import { describe, expect, it } from "@jest/globals";
import { factOf, messageOf, messageWithCause } from "../../src/core/thrown.js";

describe("what was thrown", () => {
	it("has the facts of an error, or of a plain copy of one", () => {
		const error = Object.assign(new TypeError("no way"), { code: "ENOWAY" });
		for (const thrown of [error, { name: "TypeError", message: "no way", code: "ENOWAY" }]) {
			expect(factOf(thrown, "name")).toBe("TypeError");
			expect(factOf(thrown, "message")).toBe("no way");
			expect(factOf(thrown, "code")).toBe("ENOWAY");
		}
		expect(factOf({ code: 42 }, "code")).toBe("42");
	});

	it.each([[null], [undefined], ["text"], [7], [{}], [{ code: {} }], [{ code: null }]])(
		"has no code when it is %j",
		(thrown) => {
			expect(factOf(thrown, "code")).toBeUndefined();
		},
	);

	it.each([
		[new Error("broken"), "broken"],
		[{ message: "a copy" }, "a copy"],
		["a text", "a text"],
		[undefined, "undefined"],
		[null, "null"],
		[{ a: "secret", b: 2, c: 3, d: 4, e: 5, f: 6 }, "not an error, but an object with: a, b, c, d, e"],
	])("says what it is: %j", (thrown, message) => {
		expect(messageOf(thrown)).toBe(message);
		expect(messageWithCause(thrown)).toBe(message);
	});

	it.each([
		[Object.assign(new Error("connect failed"), { code: "ECONNREFUSED" }), "ECONNREFUSED"],
		[new Error("other side closed"), "other side closed"],
		["a text", "a text"],
	])("says its cause, by code if it has one: %j", (cause, named) => {
		expect(messageWithCause(new TypeError("fetch failed", { cause }))).toBe(`fetch failed (${named})`);
	});

	it("says no cause that is none", () => {
		expect(messageWithCause(new Error("alone", { cause: null }))).toBe("alone");
	});
});
