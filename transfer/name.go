package transfer

import (
	"net/url"
	"path"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/language"
)

// address is what the place of a file says of its post.
type address struct {
	slug     string
	date     string // YYYY-MM-DD, or nothing
	language string
	section  bool // the page of a folder, not a post
	draft    bool
}

// addressOf reads the path of a file as Hugo (page bundles, name.language.md), Jekyll (2024-01-31-name.md, _drafts), Zola
// (2024-01-31-name/index.md, _index.md) and Eleventy mean it. The siblings are the names in the file's folder: a language
// is one only where a name has several, or is index.
func addressOf(file string, siblings []string) address {
	folder, name := path.Split(file)
	stem := strings.TrimSuffix(name, path.Ext(name))
	var found address
	stem, found.language = cutLanguage(stem, siblings)
	found.section = stem == "_index"
	if stem == "index" {
		stem = ""
		if folder = strings.TrimSuffix(folder, "/"); folder != "" {
			stem = path.Base(folder)
		}
	}
	stem, found.date = cutDate(stem)
	found.slug = cleanSlug(stem)
	for part := range strings.SplitSeq(folder, "/") {
		found.draft = found.draft || part == "_drafts"
	}
	return found
}

func cutLanguage(stem string, siblings []string) (string, string) {
	base, tag, ok := cutLast(stem, '.')
	if !ok || base == "" || !isLanguage(tag) {
		return stem, ""
	}
	if base == "index" || base == "_index" {
		return base, tag
	}
	for _, sibling := range siblings {
		other := strings.TrimSuffix(sibling, path.Ext(sibling))
		if otherBase, otherTag, ok := cutLast(other, '.'); other == base || ok && other != stem && otherBase == base && isLanguage(otherTag) {
			return base, tag
		}
	}
	return stem, ""
}

func cutLast(s string, by byte) (before, after string, ok bool) {
	i := strings.LastIndexByte(s, by)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

func isLanguage(tag string) bool {
	primary, _, _ := strings.Cut(tag, "-")
	if len(primary) < 2 || len(primary) > 3 || strings.ToLower(primary) != primary {
		return false
	}
	_, err := language.Parse(tag)
	return err == nil
}

// cleanSlug makes a slug of the last part of an address: lower case, letters, digits and -._~ kept, so that go1.9 stays
// what it was on the old site; runs of anything else become a hyphen.
func cleanSlug(text string) string {
	var slug strings.Builder
	gap := false
	for _, r := range strings.ToLower(text) {
		kept := unicode.In(r, unicode.L, unicode.N, unicode.M) && !unicode.IsUpper(r)
		if !kept && !strings.ContainsRune("._~", r) {
			gap = true
			continue
		}
		if gap && slug.Len() > 0 {
			slug.WriteByte('-')
		}
		gap = false
		slug.WriteRune(r)
	}
	return strings.Trim(slug.String(), "-._~")
}

// slugOfAddress returns the slug that a permalink ends in; nothing where it is a pattern or the front page.
func slugOfAddress(link string) string {
	if strings.ContainsAny(link, ":{}") && !strings.Contains(link, "://") || strings.ContainsAny(link, "{}") {
		return ""
	}
	parsed, err := url.Parse(link)
	if err != nil {
		return ""
	}
	last := path.Base("/" + strings.TrimSuffix(strings.Trim(parsed.Path, "/"), "/index.html"))
	last = strings.TrimSuffix(strings.TrimSuffix(last, ".html"), ".htm")
	if last == "/" || last == "index" {
		return ""
	}
	return cleanSlug(last)
}

var (
	onBehalf    = regexp.MustCompile(`(?i)[,\s]\s*(?:on behalf of|for) the\s.*$|,\s*(?:on behalf of|for)\s.*$`)
	mailAddress = regexp.MustCompile(`\s*<[^<>]*>`)
	affiliation = regexp.MustCompile(`\s*\([^()]*\)\s*$`)
	conjunction = regexp.MustCompile(`\s*,?\s+(?:and|&)\s+|\s*;\s*`)
	dated       = regexp.MustCompile(`^\p{L}+\.? \d{4}$`)
	contributed = regexp.MustCompile(`(?i)^(?:written|updated) by `)
	nobody      = regexp.MustCompile(`^(?:contributors|others|friends)$`)
	nameSuffix  = regexp.MustCompile(`^(?i:jr|sr|ph\.? ?d|m\.?d|esq|ii|iii|iv)\.?$`)
)

// peopleIn splits a by-line into people: "A and B", "A, B & C", "A; B". It leaves out whom they write for ("A, for the
// team"), where they work ("A (Company)"), mail addresses, dates, and "contributors". A comma splits only full names, so
// that "Doe, Jane" stays one.
func peopleIn(byline string) []string {
	byline = mailAddress.ReplaceAllString(byline, "")
	byline = onBehalf.ReplaceAllString(byline, "")
	groups := conjunction.Split(byline, -1)
	var people []string
	for _, group := range groups {
		parts := strings.Split(group, ",")
		whole := len(groups) == 1 && len(parts) == 2 && !(fullName(parts[0]) && fullName(parts[1]))
		if whole && !nameSuffix.MatchString(strings.TrimSpace(parts[1])) {
			parts = []string{group}
		}
		for _, part := range parts {
			part = affiliation.ReplaceAllString(strings.Join(strings.Fields(part), " "), "")
			part = contributed.ReplaceAllString(part, "")
			switch {
			case cleanSlug(part) == "", dated.MatchString(part), nobody.MatchString(part):
			case len(people) > 0 && nameSuffix.MatchString(part):
				people[len(people)-1] += ", " + part
			default:
				people = append(people, part)
			}
		}
	}
	return people
}

func fullName(name string) bool { return len(strings.Fields(name)) > 1 }
