import TestSequencer from "@jest/test-sequencer";

/** What takes longest, in this order; what ends last should not have begun last. */
const LONGEST = [
	"integration/one-bot",
	"integration/crash",
	"integration/on-call",
	"integration/",
	"app/",
	"store/",
	"work/",
	"sandbox/",
];

/** Jest knows how long a file takes only after it has run it, which a fresh clone has not. */
export default class LongestFirst extends TestSequencer {
	sort(tests) {
		const rank = ({ path }) => {
			const place = LONGEST.findIndex((part) => path.replaceAll("\\", "/").includes(`/test/${part}`));
			return place === -1 ? LONGEST.length : place;
		};
		return super.sort(tests).toSorted((a, b) => rank(a) - rank(b));
	}
}
