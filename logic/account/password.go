package account

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"headwater/logic"
)

// Shortest and longest password, in characters.
const (
	minPassword = 8
	maxPassword = 256
)

// minDifferent is how many different characters a password has at least.
const minDifferent = 3

// minOwnName is how long, in bytes, a name is that may not stand in the person's password.
const minOwnName = 3

//go:embed common.txt
var commonText string

// common holds the commonest passwords, in lower case.
var common = sync.OnceValue(func() map[string]bool {
	words := map[string]bool{}
	for line := range strings.Lines(commonText) {
		if word := strings.TrimSuffix(line, "\n"); !strings.HasPrefix(word, "# ") {
			words[word] = true
		}
	}
	return words
})

// checkPassword returns the fault of a password that user is to have: too short, too long, or easy to guess.
func checkPassword(password string, user User) *logic.Error {
	if fault := logic.CheckText(password, 1, maxPassword); fault != nil {
		return fault
	}
	password = normalPassword(password) // as it will be compared
	switch count := utf8.RuneCountInString(password); {
	case count == 1:
		return logic.Fault(logic.CodeWeakPassword, "has 1 character; at least %d are needed", minPassword)
	case count < minPassword:
		return logic.Fault(logic.CodeWeakPassword, "has %d characters; at least %d are needed", count, minPassword)
	case differentCharacters(password) < minDifferent:
		return logic.Fault(logic.CodeWeakPassword, "has too few different characters; at least %d are needed", minDifferent)
	case common()[strings.ToLower(password)]:
		return logic.Fault(logic.CodeWeakPassword, "is one of the commonest passwords")
	case holdsOwnName(password, user):
		return logic.Fault(logic.CodeWeakPassword, "has the person's own name in it")
	}
	return nil
}

func differentCharacters(text string) int {
	seen := map[rune]bool{}
	for _, r := range text {
		seen[r] = true
	}
	return len(seen)
}

// holdsOwnName tells whether a password is a word of the person's name, or has the username, the whole name or the first part of the
// email in it; neither case nor accents count, nor blanks in the name.
func holdsOwnName(password string, user User) bool {
	password = logic.SortKey(password)
	words := strings.Fields(logic.SortKey(user.Name))
	names := []string{user.Username, strings.Join(words, " "), strings.Join(words, "")}
	if user.Email != nil {
		local, _, _ := strings.Cut(*user.Email, "@")
		names = append(names, local)
	}
	return slices.Contains(words, password) || slices.ContainsFunc(names, func(name string) bool {
		return len(name) >= minOwnName && strings.Contains(password, name)
	})
}
