package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var placeholder = regexp.MustCompile(`<[a-z' ]+>`)

// fill puts texts in the places of an operation that name them.
func (w *world) fill(ctx context.Context, who asker, text string) (string, error) {
	var fault error
	filled := placeholder.ReplaceAllStringFunc(text, func(name string) string {
		value, err := w.value(ctx, who, name)
		if err != nil && fault == nil {
			fault = fmt.Errorf("%s: %w", name, err)
		}
		return value
	})
	return filled, fault
}

func (w *world) value(ctx context.Context, who asker, name string) (string, error) {
	now := time.Now().UTC()
	switch name {
	case "<unique>":
		return w.unique(), nil
	case "<password>":
		return permissionPassword, nil
	case "<today>":
		return now.Format(time.DateOnly), nil
	case "<yesterday>":
		return now.AddDate(0, 0, -1).Format(time.DateOnly), nil
	case "<now>":
		return now.Format(time.RFC3339Nano), nil
	case "<five days ago>":
		return now.AddDate(0, 0, -5).Format(time.RFC3339Nano), nil
	case "<next year>":
		return now.AddDate(1, 0, 0).Format(time.RFC3339), nil
	case "<oneself or author>":
		if id, err := w.value(ctx, who, "<own user>"); id != "" || err != nil {
			return id, err
		}
		return w.value(ctx, who, "<author>")
	case "<confirm token>":
		login := w.unique()
		_, err := w.want(ctx, asker{name: "nobody"}, `mutation { signUp(input: { username: "`+login+`", email: "`+login+`@example.org", password: "<password>" }) { userErrors { message } } }`)
		if err != nil {
			return "", err
		}
		return w.box.token(login + "@example.org")
	case "<reset token>":
		login, err := w.newPerson(ctx, "READER")
		if err != nil {
			return "", err
		}
		if _, err := w.want(ctx, asker{name: "nobody"}, `mutation { requestPasswordReset(login: "`+login+`") { userErrors { message } } }`); err != nil {
			return "", err
		}
		return w.box.token(login + "@example.org")
	}
	text := w.read.texts[name]
	switch {
	case strings.HasPrefix(name, "<absent "):
		id, err := w.value(ctx, who, "<"+strings.TrimPrefix(name, "<absent "))
		return absentID(id), err
	case strings.HasPrefix(name, "<own "):
		return w.want(ctx, who, text)
	case strings.HasPrefix(name, "<new "):
		text, err := w.fill(ctx, who, text) // what it names of oneself is the viewer's
		if err != nil {
			return "", err
		}
		maker := w.admin
		maker.made = who.made
		value, err := w.want(ctx, maker, text)
		if takeAway, bounded := bounded[strings.TrimSuffix(strings.TrimSuffix(name, ">"), " with more")]; bounded && who.made != nil {
			*who.made = append(*who.made, fmt.Sprintf(takeAway, value))
		}
		return value, err
	}
	text, err := w.fill(ctx, w.admin, text)
	if err != nil {
		return "", err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if value, ok := w.found[name]; ok {
		return value, nil
	}
	value, err := w.want(ctx, w.admin, text)
	if err == nil && value == "" {
		err = errors.New("there is none")
	}
	w.found[name] = value
	return value, err
}

// bounded is what there can't be many of, with how each is taken away.
var bounded = map[string]string{
	"<new client":  `deleteClient(name: %q) { userErrors { code } }`,
	"<new webhook": `deleteWebhook(id: %q) { userErrors { code } }`,
}

// tidy takes away what was made for an operation that there can't be many of.
func (w *world) tidy(ctx context.Context, made []string) error {
	for _, takeAway := range made {
		if _, err := w.ask(ctx, w.admin, `mutation { `+takeAway+` }`); err != nil {
			return err
		}
	}
	return nil
}

// unique returns a word that was never given out before.
func (w *world) unique() string { return "x" + strconv.FormatInt(w.count.Add(1), 10) }

// absent puts what was never there in the place of things that not everyone may know of.
var absent = strings.NewReplacer(
	`"hidden-delta"`, `"never-was"`, `"planted-tag"`, `"never-was"`, `"dora-planted"`, `"never-was"`, `"somebody"`, `"never-was"`,
	`"planted-client"`, `"never-was"`, `"scheduled-lake"`, `"never-was"`, `"archived-mill"`, `"never-was"`, `"trashed-boat"`, `"never-was"`,
	`"old-harbour"`, `"never-was"`, `"planted-copy-slug"`, `"never-was"`, `"planted-copy-tag"`, `"never-was"`, "plantedcopyword", "neverwas",
	"<new draft>", "<absent new draft>", "<new written>", "<absent new written>", "<new archived>", "<absent new archived>",
	"<new trashed>", "<absent new trashed>", "<new tag>", "<absent new tag>",
	"<revision>", "<absent revision>", "<trashed>", "<absent trashed>",
	"<draft>", "<absent draft>", "<person>", "<absent person>", "<draft author>", "<absent draft author>",
	"<foreign client>", "<absent foreign client>", "<foreign session>", "<absent foreign session>", "<key>", "<absent key>",
	"<webhook>", "<absent webhook>", "<delivery>", "<absent delivery>", "<new webhook>", "<absent new webhook>", "<new delivery>", "<absent new delivery>",
)

// absentID returns an ID of the same kind that nobody has: of what would have been made years away from now, as nothing is that a test makes.
func absentID(id string) string {
	const years = 2 // which of the letters counts them
	other := "A"
	if id[years] == 'A' {
		other = "B"
	}
	return id[:years] + other + id[years+1:]
}

// askAbsent asks the same of something that was never there; the answer is empty where the operation is about nothing hidden.
func (w *world) askAbsent(ctx context.Context, who asker, text string) (answer, error) {
	instead := absent.Replace(text)
	if instead == text {
		return answer{}, nil
	}
	given, _, err := w.askWatched(ctx, who, instead)
	return given, err
}
