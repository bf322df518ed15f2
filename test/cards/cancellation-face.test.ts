import { describe, expect, it } from "@jest/globals";
import { liveFace, newsFace } from "../../src/cards/cancellation-face.js";
import type { Asker, Cancellation } from "../../src/core/cancelling/cancellation.js";
import { anna, attempt, bernard, cancellation } from "./fixtures.js";
import { keepGolden } from "./golden.js";

const at = "2026-11-23T03:00:00Z";

describe("a cancellation", () => {
	keepGolden("live", "warning", "follow-up");

	it("is shown without what nobody knows: a reason, the job as last read", () => {
		const { reason: _reason, seen: _seen, ...bare } = cancellation({ state: "stopping", acceptedAt: at });
		const { quote, lead, facts } = liveFace(bare, {});
		expect(quote).toBe("");
		expect(lead).toMatch(/^Graph accepted the request at \S+ \S+\. Asked to stop is not stopped;/u);
		expect(facts.map(({ title }) => title)).toEqual(["Receipt", "Recovery job", "Asked by", "Asked at"]);
	});

	it("tells at its end that nothing was sent to Graph, where nothing was", () => {
		const refused = { state: "refused", why: { by: "policy", rule: "guest" } } as const;
		const unsent = [[], [attempt({ kind: "throttled" })]];
		for (const attempts of unsent) {
			const record = cancellation({ state: "refused", outcome: refused, endedAt: at, attempts });
			expect(newsFace(record, "Anna:").smallPrint).toEqual([
				{ text: "No request to cancel was sent to Graph." },
			]);
		}
	});
});

describe("the people on the card of a cancellation", () => {
	const fact = (record: Cancellation, title: string) =>
		liveFace(record, {}).facts.find((row) => row.title === title)?.value;
	const asker = (name: string, reason?: string): Asker => ({
		actor: { ...anna, userId: name, name },
		conversationKey: "chat",
		at,
		...(reason === undefined ? {} : { reason }),
	});
	const requester: Asker = { actor: anna, conversationKey: "chat", at };
	const alsoAsked = (...others: Asker[]) =>
		fact(cancellation({ askers: [requester, ...others] }), "Also asked by");

	it("are only the one who asked first, as long as nobody else did", () => {
		expect(fact(cancellation(), "Asked by")).toBe("Anna Admin");
		expect(alsoAsked()).toBeUndefined();
		expect(alsoAsked(requester)).toBeUndefined();
	});

	it("are all who asked, once each, with the reason that they gave last", () => {
		const others = [asker("Bernard"), asker("Cem", "at first"), asker("Bernard", "it *eats* users")];
		expect(alsoAsked(...others, asker("Cem", "later"), asker("Bernard"))).toBe(
			"Bernard (“it \\*eats\\* users”), Cem (“later”)",
		);
	});

	it("are five others at most; the rest are counted", () => {
		const crowd = ["B", "C", "D", "E", "F", "G", "H"].map((name) => asker(name));
		expect(alsoAsked(...crowd.slice(0, 5))).toBe("B, C, D, E, F");
		expect(alsoAsked(...crowd)).toBe("B, C, D, E, F, and 2 more");
	});

	it("include whose role the last request was sent on, when that is somebody else", () => {
		const sentBy = (...people: (typeof anna)[]) =>
			fact(cancellation({ attempts: people.map((by) => attempt({}, by)) }), "Sent on the role of");
		expect(sentBy()).toBeUndefined();
		expect(sentBy(anna, bernard)).toBe("Bernard");
		expect(sentBy(anna, bernard, anna)).toBeUndefined();
		expect(sentBy({ ...bernard, name: "B*b" })).toBe("B\\*b");
	});
});
