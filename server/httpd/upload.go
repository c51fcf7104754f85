package httpd

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"os"
	"strings"

	"github.com/99designs/gqlgen/graphql"

	"headwater/logic"
	"headwater/logic/content"
)

// mediaForm is the media type of a request that brings a file.
const mediaForm = "multipart/form-data"

// preflightHeaders are headers that no form and no simple script of a foreign page can send along: a request with a file has one of them.
var preflightHeaders = []string{"GraphQL-Require-Preflight", "Apollo-Require-Preflight", "X-Apollo-Operation-Name"}

// uploadRoom is what a request with a file may hold, in bytes, beside the file and its operations.
const uploadRoom = 64 << 10

// isForm tells whether a request says that it brings a file.
func isForm(header http.Header) bool {
	media, _, _ := mime.ParseMediaType(header.Get("Content-Type"))
	return media == mediaForm
}

// upload answers an operation that comes with a file, by the GraphQL multipart request specification. The whole of it is taken in before it
// waits for its turn, so that slow lines hold up nobody, and who asks is looked at again, since it may have taken minutes.
func (s *Server) upload(w http.ResponseWriter, r *http.Request, media string) {
	boundary, refused := checkForm(r.Header)
	if refused == nil {
		refused = s.admitUpload(r)
	}
	if refused != nil {
		s.refuseForm(w, r, func() { writeFaults(w, r, media, refused.status, refused.faults) })
		return
	}
	caller := logic.ViewerFrom(r.Context())
	if !s.uploads.enter(caller) {
		s.refuseForm(w, r, func() {
			s.writeError(w, r, media, notBegun{logic.Fault(logic.CodeOverloaded, "Too many files come in at once. Try again in a moment.")})
		})
		return
	}
	defer s.uploads.leave(caller)
	file, err := newSpool(s.options.UploadFolder)
	if err != nil {
		s.writeError(w, r, media, err)
		return
	}
	defer file.Close()
	params, err := s.readForm(w, r, boundary, file)
	if refused, ok := errors.AsType[*rejection](err); ok {
		s.refuseForm(w, r, func() { writeFaults(w, r, media, refused.status, refused.faults) })
		return
	}
	if err != nil {
		s.writeError(w, r, media, err)
		return
	}
	if err := s.authenticate(w, r); err != nil {
		s.refuse(w, r, err)
		return
	}
	s.operate(w, r, media, params, false)
}

// checkForm returns what separates the parts of a request with a file, or refuses what other sites may have made a browser send.
func checkForm(header http.Header) (boundary string, refused *rejection) {
	if encoding := header.Get("Content-Encoding"); encoding != "" && encoding != "identity" {
		return "", reject(http.StatusUnsupportedMediaType, "The body must not be compressed.")
	}
	if len(header["Content-Type"]) > 1 {
		return "", reject(http.StatusUnsupportedMediaType, "There must be one Content-Type.")
	}
	_, parameters, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil || parameters["boundary"] == "" {
		return "", reject(http.StatusUnsupportedMediaType, "The Content-Type must have the boundary of the parts.")
	}
	for _, name := range preflightHeaders {
		if header.Get(name) != "" {
			return parameters["boundary"], nil
		}
	}
	return "", reject(http.StatusUnsupportedMediaType, "A request with a file needs one of the headers %s, with any value.", strings.Join(preflightHeaders, ", "))
}

// admitUpload refuses, before any of it is read, what is too large and what comes from those who may upload nothing.
func (s *Server) admitUpload(r *http.Request) *rejection {
	if err := s.options.Content.CheckUpload(r.Context()); err != nil {
		fault := s.faultOf(r.Context(), err)
		return &rejection{statusOf(fault.Code), logic.Faults{fault}}
	}
	if r.ContentLength > s.mostOfForm() {
		return fileTooLarge
	}
	return nil
}

// mostOfForm returns how large a request with a file may be, in bytes.
func (s *Server) mostOfForm() int64 {
	return int64(s.options.Limits.Body) + uploadRoom + content.MaxUpload
}

var fileTooLarge = reject(http.StatusRequestEntityTooLarge, "The file is too large: at most %d bytes are taken.", content.MaxUpload)

// readForm reads a request with a file to its end: its operations, the map that says which variable the file is, and the file, which goes
// into file as it comes. A request at fault is a *rejection.
func (s *Server) readForm(w http.ResponseWriter, r *http.Request, boundary string, file *os.File) (*graphql.RawParams, error) {
	body := newFormBody(w, r.Body, s.options.Limits)
	defer body.finish()
	params, err := s.readParts(body, multipart.NewReader(body, boundary), file)
	if err == nil {
		_, err = io.Copy(io.Discard, body)
	}
	_, isRejection := errors.AsType[*rejection](err)
	_, isMalformed := errors.AsType[textproto.ProtocolError](err)
	switch {
	case err == nil || isRejection:
		return params, err
	case errors.Is(err, multipart.ErrMessageTooLarge):
		return nil, reject(http.StatusRequestEntityTooLarge, "The headers of a part are too large.")
	case isMalformed:
		return nil, reject(http.StatusBadRequest, "The headers of a part can't be read.")
	case body.err != nil:
		return nil, body.refusal()
	}
	return nil, err
}

func (s *Server) readParts(body *formBody, parts *multipart.Reader, file *os.File) (*graphql.RawParams, error) {
	limits := s.options.Limits
	operations, err := readField(parts, "operations", limits.Body)
	if err != nil {
		return nil, err
	}
	params, refused := decodeBody(operations, limits.Nesting)
	if refused != nil {
		return nil, refused
	}
	places, err := readField(parts, "map", maxMap)
	if err != nil {
		return nil, err
	}
	name, path, refused := decodeMap(places)
	if refused != nil {
		return nil, refused
	}
	put, ok := placeOf(params.Variables, path)
	if !ok {
		return nil, reject(http.StatusBadRequest, "The map leads to no variable that is null, as variables.file does where variables is {\"file\": null}.")
	}
	part, err := nextPart(parts)
	if err != nil {
		return nil, err
	}
	if part == nil || part.FormName() != name || part.FileName() == "" {
		return nil, reject(http.StatusBadRequest, "Behind operations and map comes the file, with a filename, under the name that map gives it.")
	}
	body.allow(content.MaxUpload + int64(limits.Body))
	_, err = io.Copy(file, io.LimitReader(part, content.MaxUpload+1))
	if err == nil { // of what is larger by little the operation tells in its own words
		_, err = io.Copy(io.Discard, part)
	}
	if errors.Is(body.err, errFormTooLarge) {
		return nil, fileTooLarge
	}
	if err != nil {
		return nil, err
	}
	body.allow(0)
	more, err := nextPart(parts)
	if err != nil {
		return nil, err
	}
	if more != nil {
		return nil, reject(http.StatusBadRequest, "Behind the file comes nothing more: a request brings one file.")
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	put(content.Upload{Filename: filenameOf(part), Content: file})
	return params, nil
}

// nextPart returns the next part of a request, nil behind the last.
func nextPart(parts *multipart.Reader) (*multipart.Part, error) {
	part, err := parts.NextRawPart()
	if err == io.EOF {
		return nil, nil
	}
	return part, err
}

// readField reads the next part of a request, which must have the given name.
func readField(parts *multipart.Reader, name string, most int) ([]byte, error) {
	part, err := nextPart(parts)
	if err != nil {
		return nil, err
	}
	if part == nil || part.FormName() != name {
		return nil, reject(http.StatusBadRequest, "The parts are operations, map and one file, in this order.")
	}
	text, err := io.ReadAll(io.LimitReader(part, int64(most)+1))
	if err == nil && len(text) > most {
		return nil, reject(http.StatusRequestEntityTooLarge, "%s is too large: at most %d bytes are taken.", name, most)
	}
	return text, err
}
