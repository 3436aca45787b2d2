/**
 * How a word is spoken: spelled in another way, or in letters of the International Phonetic Alphabet. A word in lower case stands for every
 * case of it ("nginx", "Nginx", "NGINX"); a word with a capital stands for itself only ("US" is not "us").
 */
export type Pronunciation = { word: string; spelling: string } | { word: string; ipa: string };
