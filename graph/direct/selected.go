package direct

import "context"

// Selected returns what is selected of the value that the resolver under way brings, for each type of object that it may be, and
// whether that is known: gqlgen's executor does not tell.
func Selected(ctx context.Context) ([]*Set, bool) {
	run, ok := ctx.Value(runKey{}).(*Run)
	if !ok || len(run.steps) == 0 || run.steps[len(run.steps)-1].field == nil {
		return nil, false
	}
	return run.steps[len(run.steps)-1].field.sets, true
}

// Name returns the field's name in the contract.
func (f *Field) Name() string { return f.collected.Name }

// HasOnly tells whether the fields of set are among those that allowed names, and what is selected below each of them is as its
// function says; nil takes everything.
func (s *Set) HasOnly(allowed map[string]func(*Set) bool) bool {
	for i := range s.Fields {
		field := &s.Fields[i]
		below, ok := allowed[field.Name()]
		if field.Index == Typename {
			continue
		}
		if !ok {
			return false
		}
		if below == nil {
			continue
		}
		for _, selected := range field.selected {
			if !below(selected.set) {
				return false
			}
		}
	}
	return true
}
