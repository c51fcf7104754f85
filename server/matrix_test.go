package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
)

// TestPermissions asks the server at every place of the contract, for every viewer of matrix.txt, and wants what stands there. What is
// hidden from a viewer has to answer as what was never there, no answer may hold a planted text whose row keeps it from the viewer, and
// what is refused may change nothing.
func TestPermissions(t *testing.T) {
	t.Parallel()
	schema := contract(t)
	rows := readMatrix(t, len(viewerNames))
	w, askers := openWorld(t, readOperations(t, schema))
	found := make([]tries, len(askers))
	for _, shown := range []bool{false, true} {
		if _, err := w.want(t.Context(), w.admin, fmt.Sprintf(`mutation { updateSite(input: { showsViews: %t }) { userErrors { message } } }`, shown)); err != nil {
			t.Fatal(err)
		}
		var asking sync.WaitGroup
		for at, who := range askers {
			asking.Go(func() { found[at].try(t.Context(), w, who, rows, shown) })
		}
		asking.Wait()
	}
	for name, text := range w.read.sweeps() {
		for at, who := range askers {
			found[at][name] = w.sweep(t, who, name, text)
		}
	}
	places := placesOf(schema)
	for _, row := range rows {
		if row.isPlanted() {
			checkPlanted(t, row, w.planted, found)
		} else {
			checkPlace(t, row, places[row.place], found)
		}
	}
}

// tries are what came of one viewer's operations, by the row that each was for.
type tries map[string]attempt

// try carries out the operations of all rows; where shown, only those for which the site is to show views, else all others.
func (f *tries) try(ctx context.Context, w *world, who asker, rows []permissionRow, shown bool) {
	if *f == nil {
		*f = tries{}
	}
	made := map[string]attempt{} // by what is asked: it is asked once for all rows that want it
	for _, row := range rows {
		if row.isPlanted() {
			continue
		}
		asked, err := w.read.of(row)
		switch _, done := made[asked.text]; {
		case err != nil:
			(*f)[row.String()] = attempt{err: err}
			continue
		case asked.shown != shown:
			continue
		case !done:
			made[asked.text] = w.attempt(ctx, who, asked)
		}
		(*f)[row.String()] = made[asked.text]
	}
}

// attempt carries out one operation.
func (w *world) attempt(ctx context.Context, who asker, asked operation) (made attempt) {
	if isMutation(asked.text) || asked.twin || strings.Contains(asked.text, "<new ") {
		w.changing.Lock()
		defer w.changing.Unlock()
	}
	var bounded []string
	defer func() { made.err = errors.Join(made.err, w.tidy(ctx, bounded)) }()
	if asked.twin {
		if who, made.err = w.twin(ctx, who); made.err != nil {
			return made
		}
	}
	who.made = &bounded
	if made.answer, made.text, made.err = w.askWatched(ctx, who, asked.text); made.err != nil {
		return made
	}
	made.absent, made.err = w.askAbsent(ctx, who, asked.text)
	return made
}

// sweep asks for much at once: nothing but what is kept from the viewer may be missing.
func (w *world) sweep(t *testing.T, who asker, name, text string) attempt {
	t.Helper()
	made := w.attempt(t.Context(), who, operation{text: text})
	if made.err != nil {
		t.Errorf("%s, %s: %v", name, who.name, made.err)
	}
	for _, fault := range made.answer.Errors {
		if fault.Extensions.Code != "FORBIDDEN" {
			t.Errorf("%s, %s: %s: %s", name, who.name, fault.Extensions.Code, fault.Message)
		}
	}
	return made
}

func checkPlace(t *testing.T, row permissionRow, kind *ast.Type, found []tries) {
	t.Helper()
	var got strings.Builder
	var surprises []string
	for at, viewer := range viewerNames {
		made := found[at][row.String()]
		letter := outcome(made, kind)
		got.WriteByte(letter)
		switch {
		case made.err != nil:
			surprises = append(surprises, fmt.Sprintf("%s: %v", viewer, made.err))
		case letter != row.cells[at]:
			surprises = append(surprises, fmt.Sprintf("%s asks %s\n    and gets %.600s", viewer, made.text, made.answer.body))
		case made.absent.body != "" && made.tells() != (letter == '+'):
			surprises = append(surprises, fmt.Sprintf("%s asks %s\n    and gets %.600s\n    and of what was never there %.600s",
				viewer, made.text, made.answer.body, made.absent.body))
		}
	}
	if len(surprises) > 0 {
		t.Errorf("%s\n  want %s\n  got  %s\n  %s", row, row.cells, got.String(), strings.Join(surprises, "\n  "))
	}
}

// checkPlanted looks for a planted text in every answer: nobody may have it who may not see it, and whoever may has to have come upon
// it.
func checkPlanted(t *testing.T, row permissionRow, planted map[string]string, found []tries) {
	t.Helper()
	_, word, _ := strings.Cut(row.place, ".")
	text := planted[word]
	if text == "" {
		t.Fatalf("nothing is planted for %s", row)
	}
	for at, viewer := range viewerNames {
		var places []string
		for place, made := range found[at] {
			if strings.Contains(made.answer.body, text) {
				places = append(places, place)
			}
		}
		switch {
		case row.cells[at] == '-' && len(places) > 0:
			t.Errorf("%s finds %q, in the answers to %s", viewer, text, strings.Join(places, " "))
		case row.cells[at] == '+' && len(places) == 0:
			t.Errorf("%s never finds %q, so nothing was shown", viewer, text)
		}
	}
}
