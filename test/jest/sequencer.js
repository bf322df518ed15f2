import TestSequencer from "@jest/test-sequencer";

/** What ends last should not have begun last: what takes longest, in this order. */
const LONGEST = ["integration/one-bot", "integration/on-call", "integration/", "app/", "store/", "work/"];
/** A bot is mostly waited for. So many such files begin at once, and leave the processors to others meanwhile. */
const WAITING_AT_ONCE = 2;

/** Jest knows how long a file takes only after it has run it, which a fresh clone has not. */
export default class Sequencer extends TestSequencer {
	sort(tests) {
		const rank = ({ path }) => {
			const place = LONGEST.findIndex((part) => path.replaceAll("\\", "/").includes(`/test/${part}`));
			return place === -1 ? LONGEST.length : place;
		};
		const sorted = super.sort(tests).toSorted((a, b) => rank(a) - rank(b));
		const waiting = sorted.filter((test) => rank(test) <= LONGEST.indexOf("integration/"));
		const others = sorted.slice(waiting.length);
		const order = waiting.splice(0, WAITING_AT_ONCE);
		const gap = Math.ceil(others.length / (waiting.length + 1));
		others.forEach((test, place) => {
			if (place % gap === gap - 1) order.push(...waiting.splice(0, 1));
			order.push(test);
		});
		return [...order, ...waiting];
	}
}
