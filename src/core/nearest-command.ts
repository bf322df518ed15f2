import leven from "leven";

/** First words that are understood, with what to type in full. */
const COMMANDS: readonly (readonly [word: string, example: string])[] = [
	["cancel", "cancel job <id>"],
	["stop", "cancel job <id>"],
	["abort", "cancel job <id>"],
	["jobs", "jobs"],
	["list", "jobs"],
	["status", "status <id>"],
	["whoami", "whoami"],
	["help", "help"],
];
/** Typing mistakes that are forgiven. */
const FORGIVEN = 2;

/** The command that the first recognisable word of the text is nearest to. */
export function nearestCommand(text: string): string | undefined {
	const words = text
		.toLowerCase()
		.split(/[^\p{L}]+/u)
		.filter((word) => word !== "");
	for (const word of words.slice(0, 6)) {
		const near = COMMANDS.map(([known, example]) => ({
			example,
			mistakes: leven(word.slice(0, 12), known),
			known,
		}))
			.filter(({ mistakes, known }) => mistakes <= Math.min(FORGIVEN, Math.floor(known.length / 3)))
			.sort((a, b) => a.mistakes - b.mistakes)[0];
		if (near) return near.example;
	}
	return undefined;
}
