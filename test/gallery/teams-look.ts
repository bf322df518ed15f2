/**
 * How Teams draws a card, as far as that is known: sizes and spaces as in the host configuration that Microsoft
 * publishes for Teams in the samples of Adaptive Cards, colours as in the Teams themes of Fluent UI 9.
 */
export const THEMES = ["light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

/** Text and background of each style; a subtle text is paler. */
const COLOURS = {
	light: {
		text: "#242424",
		subtle: "#616161",
		line: "#E0E0E0",
		accent: "#4F52B2",
		good: "#0E700E",
		warning: "#8A3707",
		attention: "#B10E1C",
		behind: {
			default: "#FFFFFF",
			emphasis: "#FAFAFA",
			accent: "#E8EBFA",
			good: "#F1FAF1",
			warning: "#FFF9F5",
			attention: "#FDF3F4",
		},
	},
	dark: {
		text: "#FFFFFF",
		subtle: "#ADADAD",
		line: "#525252",
		accent: "#9299F7",
		good: "#54B054",
		warning: "#FAA06B",
		attention: "#E37D80",
		behind: {
			default: "#292929",
			emphasis: "#1F1F1F",
			accent: "#2F2F4A",
			good: "#052505",
			warning: "#4A1E04",
			attention: "#3F1011",
		},
	},
} as const;

const FONT = {
	fontSizes: { small: 12, default: 14, medium: 14, large: 18, extraLarge: 24 },
	fontWeights: { lighter: 200, default: 400, bolder: 600 },
};

/** A host configuration for `adaptivecards`. */
export function hostConfig(theme: Theme): object {
	const { text, subtle, line, accent, good, warning, attention, behind } = COLOURS[theme];
	const shade = (colour: string, paler: string = colour) => ({ default: colour, subtle: paler });
	const foregroundColors = {
		default: shade(text, subtle),
		dark: shade(COLOURS.light.text, COLOURS.light.subtle),
		light: shade(COLOURS.dark.text, COLOURS.dark.subtle),
		accent: shade(accent),
		good: shade(good),
		warning: shade(warning),
		attention: shade(attention),
	};
	return {
		supportsInteractivity: true,
		choiceSetInputValueSeparator: ",",
		spacing: { small: 8, default: 12, medium: 16, large: 20, extraLarge: 24, padding: 16 },
		separator: { lineThickness: 1, lineColor: line },
		lineHeights: { small: 16, default: 20, medium: 20, large: 24, extraLarge: 32 },
		imageSizes: { small: 32, medium: 52, large: 100 },
		fontTypes: {
			default: { fontFamily: "'Segoe UI', 'Liberation Sans', sans-serif", ...FONT },
			monospace: { fontFamily: "'Courier New', 'Liberation Mono', monospace", ...FONT },
		},
		containerStyles: Object.fromEntries(
			Object.entries(behind).map(([style, backgroundColor]) => [
				style,
				{ backgroundColor, foregroundColors },
			]),
		),
		actions: {
			maxActions: 6,
			spacing: "Default",
			buttonSpacing: 8,
			actionsOrientation: "Horizontal",
			actionAlignment: "Left",
			allowTitleToWrap: false,
			showCard: { actionMode: "Inline", inlineTopMargin: 16, style: "emphasis" },
		},
		adaptiveCard: { allowCustomStyle: false },
		factSet: {
			title: { size: "Default", weight: "Bolder", wrap: true, maxWidth: 150 },
			value: { size: "Default", weight: "Default", wrap: true },
			spacing: 16,
		},
		textStyles: { heading: { size: "Medium", weight: "Bolder" } },
		inputs: {
			label: {
				requiredInputs: { size: "Small", weight: "Default", suffix: " *", suffixColor: "Attention" },
				optionalInputs: { size: "Small", weight: "Default" },
				inputSpacing: "Small",
			},
			errorMessage: { size: "Small", color: "Attention" },
		},
	};
}
