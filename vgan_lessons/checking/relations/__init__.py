"""What may hold between an answer's numbers and the right ones, a kind of relation a file.

`evidence` lays the numbers of a record beside those of the reference. `numbers` looks at one
result by itself, `whole_results` at several, `slopes` at gradients, `arguments` at what was put
in, `causes` at NaN and at inputs of one kind only; `reading` reads an answer's byte code.
`naming` asks them in turn.
"""
