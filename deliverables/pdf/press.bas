' Runs inside LibreOffice, which connects to the toolkit that started it and converts what it is
' told to. A line in: the document's address, a space, the PDF's address or "-" for none.
' A line out: "made", then bookmark=page for every page reference, or "failed" and why.
' When the toolkit is gone the line ends, and LibreOffice with it.

Const Token = "{token}"

Sub Serve(address As String)
  Dim connection As Object, told As String
  On Error Goto Finish
  connection = createUnoService("com.sun.star.connection.Connector").connect(address)
  Tell(connection, Token)
  Do
    told = Hear(connection)
    If told = "" Then Exit Do
    Tell(connection, Converted(told))
  Loop
Finish:
  StarDesktop.terminate()
End Sub

Function Converted(told As String) As String
  Dim document As Object, addresses As Variant
  On Error Goto Failed
  addresses = Split(told, " ")
  document = StarDesktop.loadComponentFromURL(addresses(0), "_blank", 0, Reading())
  If IsNull(document) Then
    Converted = "failed it cannot be read"
    Exit Function
  End If
  Converted = "made"
  If addresses(1) <> "-" Then document.storeToURL(addresses(1), Writing())
  Converted = Converted & Pages(document)
  document.close(True)
  Exit Function
Failed:
  Converted = "failed " & Error
  On Error Resume Next
  If Not IsNull(document) Then document.close(True)
End Function

' No macro of the document runs and nothing outside it is fetched.
Function Reading() As Variant
  Reading = Array(Setting("FilterName", "MS Word 2007 XML"), Setting("Hidden", True), _
    Setting("ReadOnly", True), Setting("MacroExecutionMode", 0), Setting("UpdateDocMode", 0))
End Function

Function Writing() As Variant
  Dim filter As Variant
  filter = Array(Setting("SelectPdfVersion", 2), Setting("UseTaggedPDF", True), _
    Setting("ExportBookmarks", True), Setting("DisplayPDFDocumentTitle", True))
  Writing = Array(Setting("FilterName", "writer_pdf_Export"), Setting("FilterData", filter))
End Function

' What every reference to a page shows once the pages are laid out.
Function Pages(document As Object) As String
  Dim fields As Object, field As Object, count As Long
  count = document.getCurrentController().PageCount
  document.getTextFields().refresh()
  fields = document.getTextFields().createEnumeration()
  Do While fields.hasMoreElements()
    field = fields.nextElement()
    If field.supportsService("com.sun.star.text.TextField.GetReference") Then
      If field.ReferenceFieldPart = com.sun.star.text.ReferenceFieldPart.PAGE Then
        Pages = Pages & " " & field.SourceName & "=" & field.getPresentation(False)
      End If
    End If
  Loop
End Function

Function Setting(name As String, value As Variant) As Object
  Dim made As New com.sun.star.beans.PropertyValue
  made.Name = name
  made.Value = value
  Setting = made
End Function

Function Hear(connection As Object) As String
  Dim got() As Integer, heard As String
  Do
    If connection.read(got, 1) = 0 Then Exit Do
    If got(0) = 10 Then Exit Do
    heard = heard & Chr(got(0))
  Loop
  Hear = heard
End Function

' Sends ASCII: all but a message of LibreOffice is, and that is for the eye only.
Sub Tell(connection As Object, words As String)
  Dim bytes() As Integer, place As Long
  ReDim bytes(Len(words))
  For place = 1 To Len(words)
    bytes(place - 1) = Asc(Mid(words, place, 1))
    If bytes(place - 1) < 32 Or bytes(place - 1) > 126 Then bytes(place - 1) = 63
  Next
  bytes(Len(words)) = 10
  connection.write(bytes)
  connection.flush()
End Sub
