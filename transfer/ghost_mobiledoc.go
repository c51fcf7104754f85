package transfer

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// mobiledoc is the format of Ghost's older editor: sections are lists of a kind and what it holds, by position.
type mobiledoc struct {
	Atoms    [][]json.RawMessage
	Cards    [][]json.RawMessage
	Markups  [][]json.RawMessage
	Sections [][]json.RawMessage
}

// Kinds of sections.
const (
	sectionMarkup = 1
	sectionImage  = 2
	sectionList   = 3
	sectionCard   = 10
)

var errMobiledoc = errors.New("no JSON of the older editor")

func (t *ghostText) readMobiledoc(source string) error {
	var document mobiledoc
	if err := json.Unmarshal([]byte(source), &document); err != nil {
		return errMobiledoc
	}
	for _, section := range document.Sections {
		if err := t.addSection(document, section); err != nil {
			return err
		}
	}
	return nil
}

func (t *ghostText) addSection(document mobiledoc, section []json.RawMessage) error {
	kind, err := item[int](section, 0)
	if err != nil {
		return err
	}
	switch kind {
	case sectionMarkup:
		return t.addMarkup(document, section)
	case sectionImage:
		address, err := item[string](section, 1)
		t.addImage(ghostCard{Src: loose(address)})
		return err
	case sectionList:
		return t.addList(document, section)
	case sectionCard:
		index, err := item[int](section, 1)
		if err != nil || index < 0 || index >= len(document.Cards) {
			return errMobiledoc
		}
		name, err := item[string](document.Cards[index], 0)
		if err != nil {
			return err
		}
		card, err := item[ghostCard](document.Cards[index], 1)
		if err != nil {
			return err
		}
		return t.addCard(name, card)
	}
	return fmt.Errorf("%w: a section of the kind %d", errUnknownNode, kind)
}

// textElements are those that sections of text may be.
var textElements = map[string]bool{
	"p": true, "h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "blockquote": true, "aside": true, "pull-quote": true,
}

func (t *ghostText) addMarkup(document mobiledoc, section []json.RawMessage) error {
	element, err := item[string](section, 1)
	if err != nil {
		return err
	}
	if !textElements[element] {
		return fmt.Errorf("%w: a section <%s>", errUnknownNode, element)
	}
	if element == "aside" || element == "pull-quote" {
		element = "blockquote"
	}
	markers, err := item[[][]json.RawMessage](section, 2)
	if err != nil {
		return err
	}
	t.add("<%s>", element)
	err = t.addMarkers(document, markers)
	t.add("</%s>", element)
	return err
}

func (t *ghostText) addList(document mobiledoc, section []json.RawMessage) error {
	element, err := item[string](section, 1)
	if err != nil {
		return err
	}
	if element != "ol" {
		element = "ul"
	}
	items, err := item[[][][]json.RawMessage](section, 2)
	if err != nil {
		return err
	}
	t.add("<%s>", element)
	for _, markers := range items {
		t.add("<li>")
		if err := t.addMarkers(document, markers); err != nil {
			return err
		}
		t.add("</li>")
	}
	t.add("</%s>", element)
	return nil
}

// addMarkers writes the pieces of a text: each opens some markups, has a text or an atom, and closes some.
func (t *ghostText) addMarkers(document mobiledoc, markers [][]json.RawMessage) error {
	var open []string
	for _, marker := range markers {
		kind, err := item[int](marker, 0)
		if err != nil {
			return err
		}
		opened, err := item[[]int](marker, 1)
		if err != nil {
			return err
		}
		for _, index := range opened {
			if index < 0 || index >= len(document.Markups) {
				return errMobiledoc
			}
			element, err := item[string](document.Markups[index], 0)
			if err != nil {
				return err
			}
			t.add("<%s%s>", quoted(element), markupAttributes(document.Markups[index]))
			open = append(open, element)
		}
		closed, err := item[int](marker, 2)
		if err != nil {
			return err
		}
		if kind == 1 { // an atom; Ghost has one, which breaks the line
			t.add("<br>")
		} else {
			text, err := item[string](marker, 3)
			if err != nil {
				return err
			}
			t.markup.WriteString(quoted(text))
		}
		for ; closed > 0 && len(open) > 0; closed-- {
			t.add("</%s>", quoted(open[len(open)-1]))
			open = open[:len(open)-1]
		}
	}
	return nil
}

// markupAttributes returns the attributes of a markup, which stand as name and value in turn.
func markupAttributes(markup []json.RawMessage) string {
	pairs, err := item[[]string](markup, 1)
	if err != nil {
		return ""
	}
	var attributes strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		if keptAttributes[pairs[i]] {
			attributes.WriteString(" " + pairs[i] + `="` + quoted(pairs[i+1]) + `"`)
		}
	}
	return attributes.String()
}

// item reads what stands at a position of a list.
func item[T any](list []json.RawMessage, at int) (T, error) {
	var value T
	if at >= len(list) || json.Unmarshal(list[at], &value) != nil {
		return value, errMobiledoc
	}
	return value, nil
}
