import leven from "leven";

/** A variable that is no setting, and the setting whose name it nearly has. */
export interface Misspelt {
	readonly written: string;
	readonly meant: string;
}

/**
 * Variables whose names are nearly those of settings. The environment also holds what other programs
 * need, so only near misses count: another use of capitals and underscores, two letters in the wrong order, a last
 * word that goes on (DATA_DIRECTORY), or a letter or two in a long name.
 */
export function findMisspelt(
	environment: Readonly<Record<string, string | undefined>>,
	settingNames: readonly string[],
): Misspelt[] {
	const settings = settingNames.map(withLetters);
	return Object.entries(environment).flatMap(([written, value]) => {
		if (settingNames.includes(written) || value === undefined || value.trim() === "") return [];
		const found = withLetters(written);
		const [nearest] = settings
			.map((setting) => ({
				...setting,
				steps: leven(found.letters, setting.letters, { maxDistance: TOO_FAR }),
			}))
			.filter((setting) => isNear(found, setting))
			.sort((one, other) => one.steps - other.steps);
		return nearest ? [{ written, meant: nearest.name }] : [];
	});
}

/** No name that is so many steps away is near, and beside a cluster's services nobody needs to know how far. */
const TOO_FAR = 3;

interface Name {
	readonly name: string;
	readonly letters: string;
}

function withLetters(name: string): Name {
	return { name, letters: name.toLowerCase().replaceAll(/[^a-z0-9]/gu, "") };
}

/** A step is a letter put in, left out or put in place of another; two in the wrong order are two steps. */
function isNear(found: Name, meant: Name & { readonly steps: number }): boolean {
	const { steps } = meant;
	return (
		steps <= stepsForgiven(found.letters, meant.letters) ||
		(steps < TOO_FAR && sorted(found.letters) === sorted(meant.letters)) ||
		goesOn(found, meant)
	);
}

function sorted(letters: string): string {
	return [...letters].sort().join("");
}

/** In HOST and PORT another letter makes another word, such as HOSTS, PORTS and POST. */
const SHORT = 7;

function stepsForgiven(found: string, meant: string): number {
	if (meant.length < SHORT) return 0;
	// People seldom mistype the first letter, and AUTH_URL is what other programs have.
	if (meant.length < 9) return found[0] === meant[0] ? 1 : 0;
	return meant.length < 11 ? 1 : 2;
}

/** Whether only the last word is longer; one with more words, such as LOG_LEVEL_ROOT, is another's. */
function goesOn(found: Name, meant: Name): boolean {
	if (meant.letters.length < SHORT || !found.letters.startsWith(meant.letters)) return false;
	return wordsIn(found.name) <= wordsIn(meant.name);
}

function wordsIn(name: string): number {
	return name.split("_").length;
}
