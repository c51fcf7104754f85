package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"io"
)

// pngHead begins every PNG.
const pngHead = "\x89PNG\r\n\x1a\n"

// Sizes of what a chunk of a PNG has around its data: length and name in front, a checksum behind.
const (
	pngFront = 8
	pngBack  = 4
)

// pngKept are the chunks that are needed to show an image.
var pngKept = map[string]bool{
	"IHDR": true, "PLTE": true, "IDAT": true, "IEND": true, "tRNS": true,
	"gAMA": true, "cHRM": true, "sRGB": true, "iCCP": true, "cICP": true, "mDCV": true, "cLLI": true, "sBIT": true, "bKGD": true, "pHYs": true,
	"acTL": true, "fcTL": true, "fdAT": true,
}

// cleanPNG keeps of a PNG what is needed to show it.
func cleanPNG(data []byte) (cleaned, error) {
	clean := cleaned{mimeType: PNG, lossless: true, decoding: 8}
	out := bytes.NewBuffer(make([]byte, 0, len(data)))
	out.WriteString(pngHead)
	for rest := data[len(pngHead):]; ; {
		if len(rest) < pngFront {
			return clean, io.ErrUnexpectedEOF
		}
		size, name := int(binary.BigEndian.Uint32(rest)), string(rest[4:pngFront])
		chunk, behind, err := take(rest, pngFront+size+pngBack)
		if err != nil {
			return clean, err
		}
		said := chunk[pngFront : pngFront+size]
		switch name {
		case "IHDR":
			clean.decoding = pngDecoding(said)
		case "eXIf":
			clean.orientation = orientationOf(said)
		case "iCCP":
			clean.profile = inflatedProfile(said)
		case "acTL":
			clean.animated = true
		}
		if pngKept[name] {
			out.Write(chunk)
		}
		if name == "IEND" {
			clean.data = out.Bytes()
			return clean, nil
		}
		rest = behind
	}
}

// pngDecoding returns how many bytes a pixel takes while it is decoded. Gray images count as coloured ones: a later chunk may make them
// such. Of an interlaced one, its parts come on top of the whole.
func pngDecoding(header []byte) float64 {
	if len(header) < 13 {
		return 8
	}
	depth, colours, interlaced := header[8], header[9], header[12] != 0
	const palette = 3
	each := 4.0
	switch {
	case colours == palette:
		each = 1
	case depth == 16:
		each = 8
	}
	if interlaced {
		return 2 * each
	}
	return each
}

// inflatedProfile returns the colour profile in a chunk of a PNG, nil where it can't be read or is no short one.
func inflatedProfile(chunk []byte) []byte {
	_, packed, named := bytes.Cut(chunk, []byte{0})
	if !named || len(packed) < 1 {
		return nil
	}
	reader, err := zlib.NewReader(bytes.NewReader(packed[1:]))
	if err != nil {
		return nil
	}
	profile, err := io.ReadAll(io.LimitReader(reader, int64(maxProfile)+1))
	if err != nil || len(profile) > maxProfile {
		return nil
	}
	return profile
}

// appendChunk adds a chunk of a PNG.
func appendChunk(data []byte, name string, said []byte) []byte {
	data = binary.BigEndian.AppendUint32(data, uint32(len(said)))
	start := len(data)
	data = append(append(data, name...), said...)
	return binary.BigEndian.AppendUint32(data, crc32.ChecksumIEEE(data[start:]))
}
