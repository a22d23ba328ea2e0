// SPDX-License-Identifier: GPL-2.0-only
// The first two arguments of a call are swapped.
//
// With -D list it prints each place as "function line column"; with -D apply, -D line=L12 and -D column=C3 it
// changes that place alone.

virtual list
virtual apply

@site@
identifier f;
expression a, b;
expression list es;
position p;
@@
 f@p(a, b, es)

@script:python depends on list@
p << site.p;
@@
print("%s %s %s" % (p[0].current_element, p[0].line, p[0].column))

@script:python depends on apply@
p << site.p;
line << virtual.line;
column << virtual.column;
@@
if p[0].line != line[1:] or p[0].column != column[1:]:
	cocci.include_match(False)

@depends on apply@
identifier site.f;
expression site.a, site.b;
expression list site.es;
position site.p;
@@
- f@p(a, b, es)
+ f(b, a, es)
