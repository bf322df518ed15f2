import leven from "leven";

/** A variable that is no setting, and the setting whose name it nearly has. */
export interface Misspelt {
	readonly written: string;
	readonly meant: string;
}

/**
 * Variables whose names are nearly those of settings. The environment also holds what other programs
 * need, so only near misses count: another use of capitals and underscores, or a letter or two in a long name.
 */
export function findMisspelt(
	environment: Readonly<Record<string, string | undefined>>,
	settingNames: readonly string[],
): Misspelt[] {
	const settings = settingNames.map((name) => ({ name, letters: lettersOf(name) }));
	return Object.entries(environment).flatMap(([written, value]) => {
		if (settingNames.includes(written) || value === undefined || value.trim() === "") return [];
		const letters = lettersOf(written);
		const near = settings.find((setting) => {
			const forgiven = mistakesForgiven(setting.letters.length);
			return leven(letters, setting.letters) <= forgiven;
		});
		return near ? [{ written, meant: near.name }] : [];
	});
}

function lettersOf(name: string): string {
	return name.toLowerCase().replaceAll(/[^a-z0-9]/gu, "");
}

/** In a short name every mistake makes another word: HOSTS, PORTS, AUTH_URL. */
function mistakesForgiven(length: number): number {
	if (length < 9) return 0;
	return length < 11 ? 1 : 2;
}
