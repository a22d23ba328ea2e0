// SPDX-License-Identifier: GPL-2.0-only
// A statement is deleted.
//
// With -D list it prints each place as "function line column"; with -D apply, -D line=L12 and -D column=C3 it
// changes that place alone.

virtual list
virtual apply

@site@
expression e;
position p;
@@
 e@p;

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
expression site.e;
position site.p;
@@
- e@p;
+ ;
